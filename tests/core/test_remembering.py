from itertools import count

from deskhand.core.remembering import recalled, remember, remembered, remembering


def test_asks_anew_outside_a_stretch_of_work() -> None:
    numbers = count()
    assert [remembered("key", lambda: next(numbers)) for _ in range(3)] == [0, 1, 2]


def test_asks_once_a_key_within_a_stretch_and_anew_in_the_next() -> None:
    numbers = count()
    for _ in range(2):
        with remembering():
            first = remembered("key", lambda: next(numbers))
            assert remembered("key", lambda: next(numbers)) == first
            assert remembered(("other", 1), lambda: next(numbers)) == first + 1
    assert next(numbers) == 4


def test_keeps_what_is_known_already_within_a_stretch_alone() -> None:
    remember("key", "outside")
    assert recalled("key", "nothing") == "nothing"
    with remembering():
        assert recalled("key", "nothing") == "nothing"
        remember("key", "inside")
        assert recalled("key", "nothing") == remembered("key", lambda: "asked") == "inside"
    assert recalled("key", "nothing") == "nothing"
