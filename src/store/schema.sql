-- Times are ISO 8601 in UTC, or for `added`, `modified` and `changed` numbers since 1970: milliseconds, and nanoseconds for the last two.
-- Columns named `record` hold the record of the type as JSON; the columns beside them repeat what lists are filtered and ordered by.

-- One row a scan. `counts` is JSON; `finished` is NULL while it runs, and stays so when it is interrupted.
CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, finished TEXT, state TEXT NOT NULL, version TEXT NOT NULL,
    lexicon TEXT NOT NULL, lexicon_version TEXT NOT NULL, lexicon_hash TEXT NOT NULL, engine TEXT NOT NULL,
    settings TEXT NOT NULL, counts TEXT NOT NULL DEFAULT '{}'
);

-- One row a file and version of it. state: `reading` while its documents are written, `present`, `vanished`, `old` when a newer version or
-- place has taken over and the row is to be deleted. engine: hash of program version, lexicon and settings that it was read with.
CREATE TABLE files (
    id INTEGER PRIMARY KEY, location TEXT NOT NULL, path TEXT NOT NULL, dossier TEXT NOT NULL, state TEXT NOT NULL,
    size INTEGER NOT NULL DEFAULT 0, modified INTEGER NOT NULL DEFAULT 0, changed INTEGER NOT NULL DEFAULT 0,
    hash TEXT NOT NULL DEFAULT '', retry TEXT NOT NULL DEFAULT '', engine TEXT NOT NULL, run INTEGER REFERENCES runs (id),
    vanished TEXT NOT NULL DEFAULT ''
);
CREATE UNIQUE INDEX files_location ON files (location) WHERE state IN ('present', 'vanished');
CREATE INDEX files_path ON files (path, location);
CREATE INDEX files_unsettled ON files (state) WHERE state IN ('reading', 'old');

-- One row a document: of the file `file`, the `position`th in it. `rank` orders for reading: what was not read first, then by label and score.
-- `day` is the date, `~` where there is none. `content` is a hash of all that its analysis follows from. `added`: when it came into the store.
-- Case text is in `record` (reason), `findings` (one JSON a line) and `passages` only.
CREATE TABLE documents (
    seq INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES files (id), position INTEGER NOT NULL,
    id TEXT NOT NULL, path TEXT NOT NULL, dossier TEXT NOT NULL, day TEXT NOT NULL, status TEXT NOT NULL, label TEXT, score INTEGER,
    rank INTEGER NOT NULL, unread INTEGER NOT NULL, urgent INTEGER NOT NULL, all_findings INTEGER NOT NULL, active_findings INTEGER NOT NULL,
    content INTEGER NOT NULL, added INTEGER NOT NULL, ocr TEXT NOT NULL,
    record TEXT NOT NULL, findings TEXT NOT NULL, copy_keys TEXT NOT NULL, contributions TEXT NOT NULL, passages TEXT NOT NULL
);
CREATE INDEX documents_file ON documents (file, position);
CREATE INDEX documents_dossier ON documents (dossier);
CREATE INDEX documents_id ON documents (id);

-- One row a dossier. `stale`: its documents have changed since it was scored.
CREATE TABLE dossiers (
    name TEXT PRIMARY KEY, stale INTEGER NOT NULL, rank INTEGER NOT NULL DEFAULT 0, label TEXT, score INTEGER, record TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID;
CREATE INDEX dossiers_stale ON dossiers (stale) WHERE stale;

-- What reviewers decided, and never changed or deleted but by `forget`.
CREATE TABLE decisions (
    id INTEGER PRIMARY KEY, document TEXT NOT NULL, dossier TEXT NOT NULL, text_hash TEXT NOT NULL, reviewer TEXT NOT NULL, at TEXT NOT NULL,
    verdict TEXT NOT NULL, record TEXT NOT NULL
);
CREATE INDEX decisions_document ON decisions (document);
CREATE INDEX decisions_dossier ON decisions (dossier);
CREATE TRIGGER decisions_stay BEFORE UPDATE ON decisions BEGIN
    SELECT RAISE(ABORT, 'decisions are only added to');
END;
CREATE TRIGGER decisions_are_kept BEFORE DELETE ON decisions WHEN NOT EXISTS (SELECT 1 FROM state WHERE key = 'forgetting') BEGIN
    SELECT RAISE(ABORT, 'decisions are only added to');
END;

-- What was done to the store, without content.
CREATE TABLE audit (id INTEGER PRIMARY KEY, at TEXT NOT NULL, action TEXT NOT NULL, detail TEXT NOT NULL);

-- Files that were made of the store, and the number of its changes then. `forget` removes those that may hold what is forgotten.
CREATE TABLE outputs (file TEXT PRIMARY KEY, kind TEXT NOT NULL, changes INTEGER NOT NULL, settings TEXT NOT NULL) WITHOUT ROWID;

-- `changes`: number of changes to documents, dossiers and decisions; `counts`: counts of documents at one such number.
CREATE TABLE state (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
INSERT INTO state VALUES ('changes', '0');

-- One row a finding, suppressed ones too.
CREATE VIEW findings AS
    SELECT d.id AS document, d.path, d.dossier, f.value ->> 'page' AS page, f.value ->> 'line' AS line, f.value ->> 'start' AS start,
        f.value ->> 'end' AS "end", f.value ->> 'text' AS text, f.value ->> 'category' AS category, f.value ->> 'stage' AS stage,
        f.value ->> 'term' AS term, f.value ->> 'tier' AS tier, f.value ->> 'presence' AS presence, f.value ->> 'temporality' AS temporality,
        f.value ->> 'experiencer' AS experiencer, f.value ->> 'generic' AS generic, f.value ->> 'date' AS date,
        f.value ->> 'date_certainty' AS date_certainty, f.value ->> 'suppressed_by' AS suppressed_by, f.value ->> 'active' AS active,
        f.value ->> 'points' AS points, f.value AS record
    FROM documents d JOIN files ON files.id = d.file AND files.state IN ('present', 'vanished'),
        json_each('[' || replace(rtrim(d.findings, char(10)), char(10), ',') || ']') f;
