-- What the review screen lists, filters and orders by.
-- stages, categories: JSON, the number of active findings of each; of a dossier, of those that no later document clears.
ALTER TABLE documents ADD COLUMN format TEXT NOT NULL DEFAULT '';
ALTER TABLE documents ADD COLUMN stages TEXT NOT NULL DEFAULT '{}';
ALTER TABLE documents ADD COLUMN categories TEXT NOT NULL DEFAULT '{}';
UPDATE documents SET format = record ->> 'format';
UPDATE documents SET
    stages = (SELECT json_group_object(name, n) FROM (
        SELECT f.value ->> 'stage' AS name, count(*) AS n FROM json_each('[' || replace(rtrim(findings, char(10)), char(10), ',') || ']') f
        WHERE f.value ->> 'active' GROUP BY 1)),
    categories = (SELECT json_group_object(name, n) FROM (
        SELECT f.value ->> 'category' AS name, count(*) AS n FROM json_each('[' || replace(rtrim(findings, char(10)), char(10), ',') || ']') f
        WHERE f.value ->> 'active' GROUP BY 1))
    WHERE active_findings > 0;
-- All that a list needs of documents that are not shown: the rows themselves are long.
CREATE INDEX documents_list ON documents (rank, path, file, id, dossier, label, unread, added, format, stages, categories);

ALTER TABLE dossiers ADD COLUMN stages TEXT NOT NULL DEFAULT '{}';
ALTER TABLE dossiers ADD COLUMN categories TEXT NOT NULL DEFAULT '{}';
-- The next scoring fills them.
UPDATE dossiers SET stale = 1;
CREATE INDEX dossiers_list ON dossiers (rank, name, label, stages, categories);

-- Where the document was: by it a decision is found again when the text has changed.
ALTER TABLE decisions ADD COLUMN path TEXT NOT NULL DEFAULT '';
CREATE INDEX decisions_reviewer ON decisions (document, reviewer, id);
CREATE INDEX decisions_path ON decisions (path);

-- Documents whose label is covered until they are decided on. drawn: `laag` or `controle`; rank: among which they are listed; pile: how many
-- there were to draw from.
CREATE TABLE sample (
    document TEXT PRIMARY KEY, drawn TEXT NOT NULL, rank INTEGER NOT NULL, pile INTEGER NOT NULL, at TEXT NOT NULL
) WITHOUT ROWID;
