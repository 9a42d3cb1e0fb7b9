"""The files of bars read as one: day files over the compacted ones."""

from collections.abc import Collection, Sequence
from datetime import date
from functools import cached_property
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from dexter.store.bar_order import arranged, of_symbol, on_day, until
from dexter.store.bars import ALWAYS, BARS, FOLDER, SOMETIMES, BarFile, conformed
from dexter.store.price_list import BY_SESSION, BY_SYMBOL, DAY, PriceFile

_ALL = tuple(BARS.names)


class BarView:
    """What a list of files holds, the later file winning; files are opened when read.

    Content-named files never change, so an open one is taken over from the view before.
    """

    def __init__(
        self, home: Path, files: Sequence[PriceFile], before: "BarView | None" = None
    ) -> None:
        self.files = tuple(files)
        self._folder = home / FOLDER
        self._open = {} if before is None else before.opened(files)

    def opened(self, files: Sequence[PriceFile]) -> dict[str, BarFile]:
        """The files of a list that are open here already."""
        names = {one.name for one in files}
        return {name: file for name, file in self._open.items() if name in names}

    def of(self, symbol: str, day: date, columns: Sequence[str] = ALWAYS) -> pa.Table:
        """The bars of a symbol up to a day, by day; what a file lacks is null.

        Raises:
            StoreCorruptError: a file does not read.
        """
        parts = [
            _filled(of_symbol(self._near_symbol(one, symbol, columns), symbol), columns)
            for one in self._laid(BY_SYMBOL)
        ]
        recent = of_symbol(self._recent, symbol)
        if recent.num_rows:
            parts.append(recent.select(columns))
        return until(_merged(parts, columns), day)

    def told(self, symbol: str, day: date) -> pa.Table:
        """As ``of``, with what only some sources tell of a bar."""
        return self.of(symbol, day, (*ALWAYS, *SOMETIMES))

    def on(self, day: date) -> pa.Table:
        """All bars of a session, by symbol, with every column.

        Raises:
            StoreCorruptError: a file does not read.
        """
        base = self._laid(BY_SESSION) or self._laid(BY_SYMBOL)
        parts = [
            conformed(on_day(self._near(one, day), day))
            for one in base
            if one.first_day <= day <= one.last_day
        ]
        recent = on_day(self._recent, day)
        if recent.num_rows:
            parts.append(recent)
        return _merged(parts, _ALL)

    def everything(self) -> pa.Table:
        """Every bar, by symbol."""
        parts = [conformed(self._whole(one)) for one in self._laid(BY_SYMBOL)]
        return _merged([*parts, self._recent], _ALL)

    def between(
        self, first: date | None, last: date, also: Collection[str] = ()
    ) -> pa.Table:
        """Bars of some days by symbol, and of some symbols those before them too."""
        every = self.everything()
        wanted = pc.less_equal(every["date"], pa.scalar(last))
        if first is not None:
            chosen = pc.greater_equal(every["date"], pa.scalar(first))
            if also:
                named = pa.array(sorted(also), pa.string())
                owner = every["canon"].cast(pa.string())
                chosen = pc.or_(chosen, pc.is_in(owner, value_set=named))
            wanted = pc.and_(wanted, chosen)
        return every.filter(wanted)

    def symbols(self) -> set[str]:
        """Every symbol there is a bar of."""
        return set().union(*(self._file(one).symbols() for one in self.files))

    def bars_by_day(self) -> dict[date, int]:
        """How many bars each session has."""
        columns = ["canon", "date"]
        parts = [self._file(one).whole(columns) for one in self._laid(BY_SYMBOL)]
        days = _merged([*parts, self._recent.select(columns)], columns)["date"]
        return {
            entry["values"]: entry["counts"]
            for entry in days.value_counts().to_pylist()
        }

    @cached_property
    def _recent(self) -> pa.Table:
        """The day files as one table by symbol."""
        parts = [conformed(self._whole(one)) for one in self._laid(DAY)]
        return _merged(parts, _ALL)

    def _whole(self, one: PriceFile) -> pa.Table:
        file = self._file(one)
        return file.whole(file.columns(_ALL))

    def _near_symbol(
        self, one: PriceFile, symbol: str, columns: Sequence[str]
    ) -> pa.Table:
        file = self._file(one)
        return file.near_symbol(symbol, file.columns(columns))

    def _near(self, one: PriceFile, day: date) -> pa.Table:
        file = self._file(one)
        return file.near_day(day, file.columns(_ALL))

    def _laid(self, layout: str) -> list[PriceFile]:
        return [one for one in self.files if one.layout == layout]

    def _file(self, one: PriceFile) -> BarFile:
        if one.name not in self._open:
            self._open[one.name] = BarFile(self._folder / one.name)
        return self._open[one.name]


def _filled(table: pa.Table, columns: Sequence[str]) -> pa.Table:
    """A table with the columns asked for; those its file lacks are unknown."""
    for name in columns:
        if name not in table.column_names:
            nothing = pa.nulls(table.num_rows, BARS.field(name).type)
            table = table.append_column(name, nothing)
    return table.select(list(columns))


def _merged(parts: Sequence[pa.Table], columns: Sequence[str]) -> pa.Table:
    filled = [one for one in parts if one.num_rows]
    if not filled:
        return BARS.empty_table().select(list(columns))
    if len(filled) == 1:
        return filled[0]
    whole = pa.concat_tables([_plain(one) for one in filled])
    return arranged(whole)


def _plain(table: pa.Table) -> pa.Table:
    """A table whose symbols are strings, so that two fit together."""
    place = table.schema.get_field_index("canon")
    return table.set_column(place, "canon", table["canon"].cast(pa.string()))
