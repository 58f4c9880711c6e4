"""The encoding of a text that is not UTF-8 is told by its letters, or not guessed at all."""

from __future__ import annotations

import pytest

from flashcards.errors import FlashcardsError
from flashcards.importers.base import ImportSource, TableOptions
from flashcards.importers.csv import tables as csv
from sources import sides

TEXTS = {
    "cp1250": "zażółć;x\ngęślą;jaźń\nčlověk;man\nřeka;river\n",
    "iso8859_2": "książka;book\nwieś;village\n",
    "cp1252": "der Bär;bear\nschön;nice\nGröße;size\n",
    "mac_roman": "château;castle\nforêt;forest\n",
    "cp850": "Bär;bear\nschön;nice\nTür;door\n",
    "cp1251": "столица Франции;Париж\nсобака;dog\nкошка;cat\n",
    "koi8_r": "столица Франции;Париж\nсобака;dog\n",
    "cp866": "столица Франции;Париж\nсобака;dog\n",
    "cp1253": "το βιβλίο;book\nη θάλασσα;sea\n",
    "cp1254": "köpek;dog\nağaç;tree\nışık;light\n",
    "cp1256": "كلب;dog\nقط;cat\nكتاب;book\nالمدرسة;school\n",
    "cp1257": "ačiū;thanks\nšuo;dog\nžmogus;man\n",
    "cp874": "แมว;cat\nสุนัข;dog\n",
    "cp932": "犬;dog\n猫;cat\n火;fire\n水;water\n",
    "euc_jp": "いぬ;dog\n猫;cat\n",
    "gb18030": "图书馆;library\n学校;school\n我们;we\n",
    "big5": "圖書館;library\n學校;school\n",
    "cp949": "학교;school\n도서관;library\n고양이;cat\n",
}


@pytest.mark.parametrize("encoding", TEXTS)
def test_letters_tell_the_encoding(encoding: str) -> None:
    """Small decks of eighteen encodings come in letter by letter, and the report says as what."""
    imported = csv.read_source(ImportSource("words.csv", TEXTS[encoding].encode(encoding)))
    assert [";".join(pair) for pair in sides(imported)] == TEXTS[encoding].splitlines()
    assert "--encoding" in imported.remarks[0]


@pytest.mark.parametrize(("encoding", "content"), [("gb18030", "狗;dog\n猫;cat\n"), ("cp949", "개;dog\n")])
def test_what_is_not_clear_is_not_guessed(encoding: str, content: str) -> None:
    """Two letters fit several languages: the way out is named, and with it the deck comes in."""
    data = content.encode(encoding)
    with pytest.raises(FlashcardsError, match="--encoding"):
        csv.read_source(ImportSource("words.csv", data))
    told = ImportSource("words.csv", data, TableOptions(encoding=encoding))
    assert sides(csv.read_source(told))[0] == tuple(content.partition("\n")[0].split(";"))
