from __future__ import annotations

from dataclasses import replace

import pytest

from nox_rings.schema.breaking.descriptors import Field, Renumbering, fields_of, renumberings

# The shape that `buf build -o -#format=json` writes: spans count from 0, paths are those of descriptor.proto.
IMAGE = {
    "file": [
        {
            "name": "shop/v1/shop.proto",
            "package": "shop.v1",
            "messageType": [
                {
                    "name": "Order",
                    "field": [
                        {"name": "id", "number": 1, "label": "LABEL_OPTIONAL", "type": "TYPE_STRING"},
                        {"name": "items", "number": 4, "label": "LABEL_REPEATED", "type": "TYPE_MESSAGE"},
                    ],
                    "nestedType": [
                        {
                            "name": "Item",
                            "field": [{"name": "id", "number": 2}],
                            "nestedType": [{"name": "Price", "field": [{"name": "cents", "number": 3}]}],
                        }
                    ],
                },
                {"name": "Empty"},
                {"name": "Note", "field": [{"name": "text", "number": 1}]},
            ],
            "sourceCodeInfo": {
                "location": [
                    {"span": [0, 0, 30, 1]},
                    {"path": [4, 0], "span": [4, 0, 16, 1]},
                    {"path": [4, 0, 2, 0], "span": [5, 2, 16]},
                    {"path": [4, 0, 2, 1], "span": [14, 2, 26]},
                    {"path": [4, 0, 3, 0], "span": [6, 2, 13, 3]},
                    {"path": [4, 0, 3, 0, 2, 0], "span": [7, 4, 18]},
                    {"path": [4, 0, 3, 0, 3, 0, 2, 0], "span": [9, 6, 22]},
                ]
            },
            "bufExtension": {"isImport": False},
        },
        {
            "name": "google/type/money.proto",
            "messageType": [{"name": "Money", "field": [{"name": "units", "number": 2}]}],
            "bufExtension": {"isImport": True},
        },
    ]
}


def test_fields_are_reported_with_their_message_number_and_line() -> None:
    """Nested ones too; not those of an import. A field whose location the image does not have has line 0."""
    assert list(fields_of(IMAGE)) == [
        Field(file="shop/v1/shop.proto", scope="Order", name="id", number=1, line=6, message_line=5),
        Field(file="shop/v1/shop.proto", scope="Order", name="items", number=4, line=15, message_line=5),
        Field(file="shop/v1/shop.proto", scope="Order.Item", name="id", number=2, line=8, message_line=7),
        Field(file="shop/v1/shop.proto", scope="Order.Item.Price", name="cents", number=3, line=10),
        Field(file="shop/v1/shop.proto", scope="Note", name="text", number=1),
    ]


@pytest.mark.parametrize(
    "image",
    [
        {},
        {"file": []},
        {"file": [{"name": "a.proto"}]},
        {"file": [{"name": "a.proto", "messageType": [{"name": "A"}]}]},
    ],
)
def test_an_image_without_messages_has_no_fields(image: dict[str, object]) -> None:
    assert list(fields_of(image)) == []


@pytest.mark.parametrize(("scope", "message"), [("Order", "Order"), ("Order.Item.Price", "Price")])
def test_buf_names_a_message_by_the_last_part_of_its_scope(scope: str, message: str) -> None:
    assert Field(file="a.proto", scope=scope, name="id", number=1).message == message


ID = Field(file="a.proto", scope="Item", name="id", number=1, line=4, message_line=3)
NOTE = Field(file="a.proto", scope="Item", name="note", number=2, line=5, message_line=3)


@pytest.mark.parametrize(
    ("before", "after", "found"),
    [
        ([], [], []),
        ([ID, NOTE], [NOTE, ID], []),
        (
            [ID, NOTE],
            [ID, replace(NOTE, number=7, line=9, message_line=8)],
            [Renumbering(file="a.proto", message="Item", field="note", before=2, after=7, line=9, message_line=8)],
        ),
        (
            [ID, NOTE],
            [replace(ID, number=2), replace(NOTE, number=1)],
            [
                Renumbering(file="a.proto", message="Item", field="id", before=1, after=2, line=4, message_line=3),
                Renumbering(file="a.proto", message="Item", field="note", before=2, after=1, line=5, message_line=3),
            ],
        ),
        ([ID, NOTE], [ID, replace(NOTE, name="diagnostic", number=7)], []),
        ([ID, NOTE], [ID, replace(NOTE, scope="Order", number=7)], []),
        ([ID, NOTE], [ID, replace(NOTE, scope="Order.Item", number=7)], []),
        ([ID, NOTE], [ID, replace(NOTE, file="b.proto", number=7)], []),
        ([ID, NOTE], [ID], []),
        ([ID], [ID, NOTE], []),
    ],
    ids=[
        *("nothing", "in another order", "another number", "swapped numbers", "renamed", "moved to another message"),
        *("moved to a nested message of the same name", "moved to another file", "deleted", "new"),
    ],
)
def test_a_field_of_the_same_message_and_name_with_another_number_is_renumbered(
    before: list[Field], after: list[Field], found: list[Renumbering]
) -> None:
    assert list(renumberings(before, after)) == found
