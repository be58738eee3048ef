"""Plain data as YAML that ``parsing`` reads again as it was: no anchors, quotes where words need them."""

import unicodedata

import yaml

#: Short mappings of numbers and words stand on one line, as people write them.
MOST_ON_A_LINE = 90
WIDTH = 108


class PlainDumper(yaml.SafeDumper):
    """Safe writing without anchors, lists set in."""

    def ignore_aliases(self, data: object) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False):
        return super().increase_indent(flow, False)


def _mapping(dumper: PlainDumper, data: dict) -> yaml.MappingNode:
    short = all(_is_short(value) for value in data.values()) and len(repr(data)) <= MOST_ON_A_LINE
    return dumper.represent_mapping("tag:yaml.org,2002:map", data.items(), flow_style=short and bool(data))


def _is_short(value: object) -> bool:
    if isinstance(value, list):
        return all(isinstance(item, str | int) for item in value)
    return not isinstance(value, dict)


def _text(dumper: PlainDumper, data: str) -> yaml.ScalarNode:
    """A control character is written as its number: some of them end a line for one reader only."""
    hidden = any(unicodedata.category(letter) == "Cc" for letter in data if letter != "\n")
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style='"' if hidden else None)


PlainDumper.add_representer(dict, _mapping)
PlainDumper.add_representer(str, _text)


def to_yaml(document: dict) -> str:
    """One document; the order of its fields stays."""
    return yaml.dump(document, Dumper=PlainDumper, allow_unicode=True, sort_keys=False, width=WIDTH)
