BEGIN TRANSACTION;
CREATE TABLE actions (
	symbol VARCHAR(64) NOT NULL,
	ex_date VARCHAR(10) NOT NULL,
	kind VARCHAR(32) NOT NULL,
	factor VARCHAR(64) NOT NULL,
	PRIMARY KEY (symbol, ex_date, kind)
);
CREATE TABLE audits (
	symbol VARCHAR(64) NOT NULL,
	compared INTEGER NOT NULL,
	agreed INTEGER NOT NULL,
	PRIMARY KEY (symbol)
);
CREATE TABLE board_meetings (
	symbol VARCHAR(64) NOT NULL,
	meeting_date VARCHAR(10) NOT NULL,
	known_at VARCHAR(32) NOT NULL,
	purpose TEXT NOT NULL,
	source TEXT NOT NULL,
	PRIMARY KEY (symbol, meeting_date, known_at)
);
CREATE TABLE companies (
	symbol VARCHAR(64) NOT NULL,
	name TEXT NOT NULL,
	isin VARCHAR(12),
	bse_code VARCHAR(12),
	family VARCHAR(16),
	aliases TEXT NOT NULL,
	PRIMARY KEY (symbol)
);
CREATE TABLE conflicts (
	symbol VARCHAR(64) NOT NULL,
	basis VARCHAR(16) NOT NULL,
	period_end VARCHAR(10) NOT NULL,
	months INTEGER NOT NULL,
	item VARCHAR(64) NOT NULL,
	first_sha256 VARCHAR(64) NOT NULL,
	second_sha256 VARCHAR(64) NOT NULL,
	kind VARCHAR(16) NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (symbol, basis, period_end, months, item, first_sha256, second_sha256)
);
CREATE TABLE document_names (
	sha256 VARCHAR(64) NOT NULL,
	base_name VARCHAR(255) NOT NULL,
	name TEXT NOT NULL,
	PRIMARY KEY (sha256, base_name)
);
CREATE TABLE events (
	symbol VARCHAR(64) NOT NULL,
	period_end VARCHAR(10) NOT NULL,
	published_at VARCHAR(32) NOT NULL,
	basis VARCHAR(16) NOT NULL,
	source TEXT NOT NULL,
	PRIMARY KEY (symbol, period_end)
);
CREATE TABLE figures (
	symbol VARCHAR(64) NOT NULL,
	period_end VARCHAR(10) NOT NULL,
	basis VARCHAR(16) NOT NULL,
	known_at VARCHAR(32) NOT NULL,
	published_at VARCHAR(32),
	revenue VARCHAR(64),
	net_profit VARCHAR(64),
	eps VARCHAR(64),
	document TEXT NOT NULL,
	sha256 VARCHAR(64) NOT NULL,
	"row" TEXT NOT NULL,
	url TEXT,
	origin VARCHAR(64) NOT NULL,
	PRIMARY KEY (symbol, period_end, basis, known_at)
);
CREATE TABLE filings (
	sha256 VARCHAR(64) NOT NULL,
	name TEXT NOT NULL,
	base_name VARCHAR(255) NOT NULL,
	kind VARCHAR(24) NOT NULL,
	own_symbol VARCHAR(64),
	symbol VARCHAR(64),
	company TEXT,
	known_at VARCHAR(32),
	known_at_reason TEXT,
	url TEXT,
	status VARCHAR(16) NOT NULL,
	reason TEXT,
	subject TEXT,
	flags TEXT NOT NULL,
	PRIMARY KEY (sha256)
);
CREATE TABLE identities (
	sha256 VARCHAR(64) NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (sha256)
);
CREATE TABLE imports (
	sha256 VARCHAR(64) NOT NULL,
	name VARCHAR(512) NOT NULL,
	kind VARCHAR(64) NOT NULL,
	rows INTEGER NOT NULL,
	state VARCHAR(16) NOT NULL,
	reason TEXT,
	imported_at VARCHAR(32),
	PRIMARY KEY (sha256, name)
);
CREATE TABLE index_closes (
	name VARCHAR(64) NOT NULL,
	session VARCHAR(10) NOT NULL,
	close FLOAT NOT NULL,
	source TEXT NOT NULL,
	PRIMARY KEY (name, session)
);
CREATE TABLE meta (
	name VARCHAR(64) NOT NULL,
	value TEXT NOT NULL,
	PRIMARY KEY (name)
);
INSERT INTO "meta" VALUES('schema_version','1');
CREATE TABLE names (
	symbol VARCHAR(64) NOT NULL,
	name VARCHAR(255) NOT NULL,
	source VARCHAR(64) NOT NULL,
	isin VARCHAR(12) NOT NULL,
	family VARCHAR(16) NOT NULL,
	rank INTEGER NOT NULL,
	bse_code VARCHAR(12),
	PRIMARY KEY (symbol, name, source, isin, family)
);
CREATE TABLE news (
	digest VARCHAR(32) NOT NULL,
	symbol VARCHAR(64) NOT NULL,
	published_at VARCHAR(32) NOT NULL,
	title TEXT NOT NULL,
	text TEXT NOT NULL,
	source VARCHAR(64) NOT NULL,
	url TEXT,
	PRIMARY KEY (digest)
);
CREATE TABLE publications (
	base_name VARCHAR(255) NOT NULL,
	symbol VARCHAR(64) NOT NULL,
	published_at VARCHAR(32) NOT NULL,
	basis VARCHAR(16) NOT NULL,
	source VARCHAR(64) NOT NULL,
	period_end VARCHAR(10),
	url TEXT,
	subject TEXT,
	PRIMARY KEY (base_name, symbol, published_at, basis, source)
);
CREATE TABLE readings (
	sha256 VARCHAR(64) NOT NULL,
	ordinal INTEGER NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (sha256, ordinal)
);
CREATE TABLE renames (
	old VARCHAR(64) NOT NULL,
	new VARCHAR(64) NOT NULL,
	changed_on VARCHAR(10),
	PRIMARY KEY (old)
);
CREATE TABLE reviews (
	sha256 VARCHAR(64) NOT NULL,
	number INTEGER NOT NULL,
	chain INTEGER NOT NULL,
	ordinal INTEGER,
	page INTEGER,
	basis VARCHAR(16),
	period_end VARCHAR(10),
	action VARCHAR(16) NOT NULL,
	person TEXT NOT NULL,
	decided_at VARCHAR(32) NOT NULL,
	because TEXT,
	changes TEXT NOT NULL,
	reading TEXT,
	body TEXT,
	PRIMARY KEY (sha256, number)
);
CREATE TABLE run_heads (
	run_id VARCHAR(64) NOT NULL,
	events INTEGER NOT NULL,
	head VARCHAR(64) NOT NULL,
	report_sha256 VARCHAR(64),
	PRIMARY KEY (run_id)
);
CREATE TABLE season_peers (
	symbol VARCHAR(64) NOT NULL,
	period_end VARCHAR(10) NOT NULL,
	family VARCHAR(16) NOT NULL,
	published_at VARCHAR(32) NOT NULL,
	sue FLOAT,
	revenue_growth FLOAT,
	profit_growth FLOAT,
	margin_change FLOAT,
	quality FLOAT,
	PRIMARY KEY (symbol, period_end)
);
CREATE TABLE sessions (
	day VARCHAR(10) NOT NULL,
	PRIMARY KEY (day)
);
CREATE TABLE statements (
	sha256 VARCHAR(64) NOT NULL,
	ordinal INTEGER NOT NULL,
	period_end VARCHAR(10),
	basis VARCHAR(16),
	status VARCHAR(16) NOT NULL,
	grade VARCHAR(16) NOT NULL,
	body TEXT NOT NULL,
	PRIMARY KEY (sha256, ordinal)
);
CREATE TABLE traded_days (
	day VARCHAR(10) NOT NULL,
	PRIMARY KEY (day)
);
CREATE INDEX ix_publications_period ON publications (symbol, period_end);
CREATE INDEX ix_filings_base_name ON filings (base_name);
CREATE INDEX ix_filings_symbol ON filings (symbol);
CREATE INDEX ix_document_names_base_name ON document_names (base_name);
CREATE INDEX ix_conflicts_second ON conflicts (second_sha256);
CREATE INDEX ix_events_published ON events (published_at);
CREATE INDEX ix_season_peers_period ON season_peers (period_end);
CREATE INDEX ix_board_meetings_date ON board_meetings (meeting_date);
CREATE INDEX ix_news_symbol ON news (symbol, published_at);
COMMIT;
