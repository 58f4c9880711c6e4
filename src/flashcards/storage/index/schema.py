"""Tables of the index, a cache that can be deleted."""

SCHEMA_VERSION = 20  # raised with every change; other versions are rebuilt
APPLICATION_ID = 0x666C6173  # "flas" in SQLite's file header

TAG_SEPARATOR = "\n"  # tags cannot contain it

CREATE_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value) WITHOUT ROWID;

-- The files that everything below is derived from, as they were when read.
CREATE TABLE source (
    name TEXT PRIMARY KEY,  -- relative to the data folder; 'config.toml' for the settings
    size INTEGER, mtime INTEGER, ctime INTEGER, inode INTEGER,
    is_trusted INTEGER,     -- 0 when the file was too new for its times to show a change
    end_offset INTEGER,     -- journals: bytes read
    line_count INTEGER,     -- journals: lines read
    checksum INTEGER,       -- CRC-32 of the bytes read
    tail_checksum INTEGER   -- CRC-32 of the last of them
) WITHOUT ROWID;

-- Every card ever known. Those no longer in any deck have in_deck = 0 and keep their last text.
CREATE TABLE card (
    key INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    in_deck INTEGER NOT NULL DEFAULT 0,
    deck TEXT NOT NULL DEFAULT '', front TEXT NOT NULL DEFAULT '', back TEXT NOT NULL DEFAULT '',
    tags TEXT NOT NULL DEFAULT '', note TEXT NOT NULL DEFAULT '',
    path TEXT NOT NULL DEFAULT '', position INTEGER NOT NULL DEFAULT 0,
    line INTEGER NOT NULL DEFAULT 0, has_own_id INTEGER NOT NULL DEFAULT 0,
    answer_mode TEXT NOT NULL DEFAULT '',  -- JSON; '' for a card that is revealed and rated
    gaps TEXT NOT NULL DEFAULT '',  -- positions in a cloze card's front and back
    hint TEXT NOT NULL DEFAULT '', remark TEXT NOT NULL DEFAULT '',
    shuffle_key INTEGER NOT NULL DEFAULT 0,
    note_group TEXT,        -- the note, if it makes several cards; else NULL
    text_checksum INTEGER,  -- CRC-32 of the text that the journal has
    event_count INTEGER NOT NULL DEFAULT 0,
    due INTEGER,            -- days as proleptic ordinals, here and below; NULL for a new card
    interval INTEGER NOT NULL DEFAULT 0, ease INTEGER NOT NULL DEFAULT 250,
    repetitions INTEGER NOT NULL DEFAULT 0, lapses INTEGER NOT NULL DEFAULT 0,
    answered INTEGER, rating INTEGER NOT NULL DEFAULT 0,
    suspended INTEGER NOT NULL DEFAULT 0, buried INTEGER NOT NULL DEFAULT 0, mark TEXT,
    stability REAL, difficulty REAL, fsrs_day INTEGER,  -- NULL for a new card
    -- The day from which a sibling is asked first; kept for cards in decks with note_group only.
    hidden_until INTEGER NOT NULL DEFAULT 0,
    added INTEGER,          -- the study day of its first text in the journal
    first_answered INTEGER, -- the study day of its first answer
    answer_count INTEGER NOT NULL DEFAULT 0,
    total_ms INTEGER NOT NULL DEFAULT 0,  -- time for all of them, in ms
    test_count INTEGER NOT NULL DEFAULT 0, tests_recalled INTEGER NOT NULL DEFAULT 0
);

-- Cards that several files have, as in the other files: the first is in `card`.
CREATE TABLE duplicate (
    id TEXT NOT NULL, deck TEXT, front TEXT, back TEXT, tags TEXT, note TEXT, path TEXT NOT NULL,
    position INTEGER, line INTEGER, has_own_id INTEGER, shuffle_key INTEGER, answer_mode TEXT,
    gaps TEXT, hint TEXT, remark TEXT, note_group TEXT,
    PRIMARY KEY (id, path)
) WITHOUT ROWID;
-- What new cards said before an edit: the text of a learned card, if they were copied from it.
CREATE TABLE former_text (
    card TEXT NOT NULL, front TEXT NOT NULL, back TEXT NOT NULL, PRIMARY KEY (card, front, back)
) WITHOUT ROWID;

CREATE TABLE deck (
    path TEXT PRIMARY KEY, name TEXT NOT NULL, description TEXT NOT NULL
) WITHOUT ROWID;

-- Events, once each, whichever file they came from.
CREATE TABLE event (
    id TEXT PRIMARY KEY,
    hlc INTEGER NOT NULL,
    card INTEGER,           -- the card whose history it is in, after links
    origin INTEGER,         -- the card that it names
    kind TEXT NOT NULL,
    at TEXT NOT NULL,
    rating INTEGER, ms INTEGER,
    src TEXT,               -- where it was imported from; for an undo, the undone event
    interval_before INTEGER,  -- days before an imported answer, if known
    next_interval INTEGER,    -- days shown at the key, unless they are SM-2's own
    scheduler TEXT,
    line BLOB,              -- the whole line, except for a plain review
    batch TEXT,             -- the undo step that it is part of
    device INTEGER, sequence INTEGER  -- the writer (writer.key), and its sequence number
) WITHOUT ROWID;
CREATE TABLE pending_link (     -- found links that are in no journal yet
    old TEXT NOT NULL, new TEXT NOT NULL
);
CREATE TABLE dirty_note (note_group TEXT NOT NULL);  -- hidden_until must be updated; may have duplicates
CREATE TABLE undone_event (id TEXT PRIMARY KEY) WITHOUT ROWID;
CREATE TABLE card_link (old INTEGER NOT NULL, new INTEGER NOT NULL);
CREATE TABLE plan (         -- shares of a backlog, and days off; undone ones too
    id TEXT PRIMARY KEY, hlc INTEGER NOT NULL,
    first INTEGER NOT NULL, until INTEGER NOT NULL, per_day INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE writer (
    key INTEGER PRIMARY KEY, device TEXT NOT NULL UNIQUE,
    sequence INTEGER NOT NULL DEFAULT 0,      -- the highest of its events
    out_of_order INTEGER NOT NULL DEFAULT 0,  -- 1 when a lower one came after a higher one: two may write
    last_hlc INTEGER NOT NULL DEFAULT 0,      -- of its events that were not imported
    clock_went_back INTEGER NOT NULL DEFAULT 0
);

-- Answers that count, replayed: the kind of each, and the card before it.
CREATE TABLE answer (
    card INTEGER NOT NULL,
    day INTEGER NOT NULL,
    minute INTEGER NOT NULL,    -- of the local day, 0 to 1439
    rating INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    kind INTEGER NOT NULL,      -- 0 graded, 1 repeat, 2 early, 3 practice
    is_new INTEGER NOT NULL,    -- 1 when the card was new
    interval INTEGER NOT NULL,  -- in days, before the answer
    ease INTEGER NOT NULL,      -- in hundredths, before the answer
    imported INTEGER NOT NULL,
    is_retention_test INTEGER NOT NULL,  -- 1 for a day's first answer to a due card, not new
    previous_rating INTEGER NOT NULL,    -- of the first answer on the previous study day; 0 for none
    waiting_since INTEGER,               -- the day from which the card could be asked
    recall INTEGER              -- FSRS's chance of recall in ten-thousandths; NULL if not a test
);

CREATE TABLE bad_line (
    path TEXT, line INTEGER, reason TEXT, is_newer_format INTEGER, is_truncated INTEGER
);
CREATE TABLE problem (
    path TEXT, line INTEGER, col INTEGER, what TEXT, remedy TEXT, source TEXT,  -- text of the line
    shared INTEGER NOT NULL DEFAULT 0   -- 1 for a card of several files: see `duplicate`
);
"""

EVENT_INDEX_STATEMENTS = (
    "CREATE INDEX event_card ON event (card, hlc)",
    "CREATE INDEX event_order ON event (hlc)",
    # Used only by queries that contain kind <> 'review' literally.
    "CREATE INDEX event_kind ON event (kind, hlc) WHERE kind <> 'review'",
    "CREATE INDEX event_batch ON event (batch) WHERE batch IS NOT NULL",
    "CREATE INDEX card_link_old ON card_link (old, new)",
    "CREATE INDEX card_link_new ON card_link (new, old)",
)
"""Created once the first events are in: twice as fast as maintaining them meanwhile."""

LOOKUP_INDEX_STATEMENTS = (
    "CREATE INDEX card_note_group ON card (note_group) WHERE note_group IS NOT NULL",
    "CREATE INDEX card_path ON card (path, position) WHERE in_deck",
    "CREATE INDEX card_orphan ON card (event_count) WHERE NOT in_deck AND event_count > 0",
    "CREATE INDEX answer_card ON answer (card)",
)
"""Used by updates; created after the first filling, as the next ones."""

QUERY_INDEX_STATEMENTS = (
    """CREATE INDEX card_due ON card
    (due, shuffle_key, id, deck, suspended, buried, note_group, hidden_until)
    WHERE in_deck AND due IS NOT NULL""",
    """CREATE INDEX card_due_by_deck ON card (deck, due, hidden_until, note_group, buried)
    WHERE in_deck AND due IS NOT NULL AND NOT suspended""",
    "CREATE INDEX card_buried ON card (buried, note_group) WHERE buried > 0",
    """CREATE INDEX card_new ON card (path, position, deck, buried, note_group, hidden_until)
    WHERE in_deck AND due IS NULL AND NOT suspended""",
    """CREATE INDEX card_answered ON card (answered, rating, deck, suspended, buried, note_group)
    WHERE in_deck""",
    # Covers the statistics without the cards' texts: a tenth of the pages to read.
    """CREATE INDEX card_stats ON card (deck, in_deck, tags, due, interval, ease, suspended, buried,
    first_answered, added, answer_count, total_ms, tests_recalled, test_count, stability,
    fsrs_day)""",
    """CREATE INDEX card_hardest ON card (lapses DESC, ease, id) WHERE in_deck AND lapses > 0""",
    "CREATE INDEX answer_day ON answer (day, imported, kind, is_new)",
)
"""Used by queries only; dropped during a bulk load (see bulk_load.py)."""


def drop_statements(indexes: tuple[str, ...]) -> list[str]:
    """Return the statements that drop some indexes."""
    return [f"DROP INDEX {statement.split()[2]}" for statement in indexes]
