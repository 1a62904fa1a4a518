"""How mail programs mark what they quote or forward, in the languages they speak.

`labels` are the header fields copied into a body, `header_blocks` finds blocks of them, `names` whom a line names,
`attributions` finds "On … wrote:" lines, `separators` the dashed lines and phone signatures.
"""
