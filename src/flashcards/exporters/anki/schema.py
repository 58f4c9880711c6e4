"""Tables and settings of an Anki collection."""

import json
from collections.abc import Mapping, Sequence

from flashcards.exporters.anki.note_types import BASIC_TYPE

CREATE_TABLES = """
PRAGMA journal_mode = OFF;
PRAGMA synchronous = OFF;
CREATE TABLE col (
    id integer PRIMARY KEY, crt integer NOT NULL, mod integer NOT NULL, scm integer NOT NULL,
    ver integer NOT NULL, dty integer NOT NULL, usn integer NOT NULL, ls integer NOT NULL,
    conf text NOT NULL, models text NOT NULL, decks text NOT NULL, dconf text NOT NULL,
    tags text NOT NULL
);
CREATE TABLE notes (
    id integer PRIMARY KEY, guid text NOT NULL, mid integer NOT NULL, mod integer NOT NULL,
    usn integer NOT NULL, tags text NOT NULL, flds text NOT NULL, sfld integer NOT NULL,
    csum integer NOT NULL, flags integer NOT NULL, data text NOT NULL
);
CREATE TABLE cards (
    id integer PRIMARY KEY, nid integer NOT NULL, did integer NOT NULL, ord integer NOT NULL,
    mod integer NOT NULL, usn integer NOT NULL, type integer NOT NULL, queue integer NOT NULL,
    due integer NOT NULL, ivl integer NOT NULL, factor integer NOT NULL, reps integer NOT NULL,
    lapses integer NOT NULL, left integer NOT NULL, odue integer NOT NULL, odid integer NOT NULL,
    flags integer NOT NULL, data text NOT NULL
);
CREATE TABLE revlog (
    id integer PRIMARY KEY, cid integer NOT NULL, usn integer NOT NULL, ease integer NOT NULL,
    ivl integer NOT NULL, lastIvl integer NOT NULL, factor integer NOT NULL,
    time integer NOT NULL, type integer NOT NULL
);
CREATE TABLE graves (usn integer NOT NULL, oid integer NOT NULL, type integer NOT NULL);
"""
CREATE_INDEXES = """
CREATE INDEX ix_notes_usn ON notes (usn);
CREATE INDEX ix_cards_usn ON cards (usn);
CREATE INDEX ix_revlog_usn ON revlog (usn);
CREATE INDEX ix_cards_nid ON cards (nid);
CREATE INDEX ix_cards_sched ON cards (did, queue, due);
CREATE INDEX ix_revlog_cid ON revlog (cid);
CREATE INDEX ix_notes_csum ON notes (csum);
"""
SCHEMA_VERSION = 11


def decks_json(deck_ids: Mapping[str, tuple[int, str]], modified: int) -> str:
    """Return decks, {name: (id, description)}, as JSON with Anki's Default."""
    everything = {"Default": (1, ""), **deck_ids}
    return json.dumps(
        {
            str(number): {
                "id": number, "name": name, "mod": modified, "usn": -1, "desc": description,
                "dyn": 0, "conf": 1, "extendNew": 0, "extendRev": 0, "collapsed": False,
                "browserCollapsed": False, "newToday": [0, 0], "revToday": [0, 0],
                "lrnToday": [0, 0], "timeToday": [0, 0],
            }
            for name, (number, description) in everything.items()
        }
    )  # fmt: skip


def deck_settings_json(modified: int, fsrs: tuple[Sequence[float], float] | None = None) -> str:
    """Return the decks' option group as JSON; `fsrs` is weights and retention."""
    new = {"bury": False, "delays": [1.0, 10.0], "initialFactor": 2500, "ints": [1, 4, 0],
           "order": 1, "perDay": 20}  # fmt: skip
    review = {"bury": False, "ease4": 1.3, "ivlFct": 1.0, "maxIvl": 36500, "perDay": 200,
              "hardFactor": 1.2}  # fmt: skip
    lapse = {"delays": [10.0], "leechAction": 1, "leechFails": 8, "minInt": 1, "mult": 0.0}
    group = {"id": 1, "name": "Default", "mod": modified, "usn": 0, "maxTaken": 60, "autoplay": True,
             "timer": 0, "replayq": True, "new": new, "rev": review, "lapse": lapse,
             "dyn": False}  # fmt: skip
    if fsrs:
        group |= {"fsrsParams6": list(fsrs[0]), "desiredRetention": fsrs[1]}
    return json.dumps({"1": group})


def collection_settings_json(offset_west: int, rollover: int, *, fsrs: bool = False) -> str:
    """Return the collection's settings as JSON."""
    # The offset is in minutes west of Greenwich, the rollover an hour.
    return json.dumps(
        {"schedVer": 2, "sched2021": True, "creationOffset": offset_west, "curDeck": 1,
         "localOffset": offset_west, "rollover": rollover, "nextPos": 1, "activeDecks": [1],
         "sortType": "noteFld", "sortBackwards": False, "addToCur": True, "dayLearnFirst": False,
         "newSpread": 0, "collapseTime": 1200, "timeLim": 0, "estTimes": True, "dueCounts": True,
         "curModel": BASIC_TYPE.id, **({"fsrs": True} if fsrs else {})}
    )  # fmt: skip
