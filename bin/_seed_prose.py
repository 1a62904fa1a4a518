"""Text for made-up tickets: sentences whose words are as unevenly frequent as real ones (Zipf's law)."""

import random
from itertools import accumulate

COMMON = """
the to and is we it on of a in that for our you not please have this page with are be from but when site can order
customers has as was error do an at shows since there all if new will email would could customer checkout product
after only button no also one see they what my image works into link form still account menu banner mobile
update today yesterday which where because how then some page list price password login basket payment delivery stock
search filter newsletter header footer column table report export invoice voucher discount category brand photo video
booking calendar contact address phone opening hours text change remove add replace move upload download screenshot
browser desktop tablet screen slow broken missing wrong empty old again before between always never sometimes several
morning afternoon evening week month monday tuesday wednesday thursday friday thanks thank hello best regards kindly
check fixed live deployed tested cleared cache server database plugin version security backup certificate domain
hosting redirect tracking analytics campaign landing translation currency tax shipping label warehouse
supplier catalogue variant size color material review rating comment blog article recipe event ticket gift
card refund return exchange complaint question answer quote estimate deadline launch draft preview approve approval
colleague manager team office branch store shop website homepage staging production feature request problem issue
"""
SYLLABLES = "ba be bo ca co da de di do fa fi ga go ha he jo ka ke la le li lo ma me mi mo na ne no pa pe po"
ENDINGS = "ra re ri ro sa se si so ta te ti to va ve vi vo wa we nel ton mark well ford line den by shire stone"
VOCABULARY = 30_000
SENTENCES = 60_000
SUBJECTS = 20_000


class Prose:
    """Sentences and subjects, made once and then drawn from: letters, digits and plain punctuation alone."""

    def __init__(self, chance: random.Random, *, sentences: int, subjects: int) -> None:
        self.chance = chance
        words = list(dict.fromkeys(COMMON.split()))
        known, syllables, endings = set(words), SYLLABLES.split(), ENDINGS.split()
        while len(words) < VOCABULARY:
            word = "".join(chance.choices(syllables, k=chance.randint(1, 3))) + chance.choice(endings)
            if word not in known:
                known.add(word)
                words.append(word)
        self._words = words
        self._weights = list(accumulate(1 / (rank + 2.7) for rank in range(len(words))))
        self.sentences = [self._draw(5, 12) + "." for _ in range(sentences)]
        self.subjects = [self._draw(3, 8) for _ in range(subjects)]

    def _draw(self, least: int, most: int) -> str:
        words = self.chance.choices(self._words, cum_weights=self._weights, k=self.chance.randint(least, most))
        return " ".join(words).capitalize()

    def paragraph(self, mark: str = "") -> str:
        """Return one to three sentences; with `mark`, one in five names that word."""
        size = int(self.chance.random() * 3) + 1
        text = " ".join(self.chance.choices(self.sentences, k=size))
        return f"{text} Reference {mark}." if mark and self.chance.random() < 0.2 else text

    def subject(self) -> str:
        """Return a subject."""
        return self.chance.choice(self.subjects)
