"""The marks that mail programs put before the subject of a forwarded mail, in the languages they speak.

Some stand for a forward in one language and for an answer in another (VS is Danish for the one, Finnish for the other).
"""

import re

FORWARD = (
    "fwd?|wg|tr|rv|enc|i|doorst|doorsturen|vs|vl|vb|vidarebefordrat|videresendt|pd|přep|fs|tov|továbbítás|i̇?lt|πρθ|"
    "trs|wtrlt|chuyển tiếp|пер|пересл|转发|轉寄|転送|전달|הועבר|إعادة توجيه|ส่งต่อ"
)
FORWARD_MARK = re.compile(rf"^\s*\[?(?:{FORWARD})(?:\[\d{{1,3}}\])?\s*[:\uff1a]", re.IGNORECASE)
