"""A memory gives back what it was given, and holds no more than it has room for."""

from calculator.memory import Memory


def test_what_was_found_is_found_once() -> None:
    memory: Memory[int] = Memory(10)
    looked = []

    def find() -> int:
        looked.append(1)
        return 7

    assert [memory.found("key", find), memory.found("key", find), memory.get("key")] == [7, 7, 7]
    assert (len(looked), memory.get("other")) == (1, None)


def test_the_oldest_makes_room() -> None:
    memory: Memory[str] = Memory(10)
    memory.keep("a", "A", 4)
    memory.keep("b", "B", 4)
    memory.keep("a", "AA", 5)
    memory.keep("c", "C", 3)
    assert [memory.get(key) for key in "abc"] == ["AA", None, "C"]


def test_what_takes_more_than_all_room_is_not_kept() -> None:
    memory: Memory[str] = Memory(10)
    memory.keep("a", "A", 4)
    memory.keep("b", "B", 11)
    assert [memory.get(key) for key in "ab"] == [None, None]
    memory.keep("c", "C", 10)
    assert memory.get("c") == "C"
