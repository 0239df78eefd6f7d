CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
CREATE TABLE sources (
	hash VARCHAR(64) NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (hash)
);
CREATE TABLE dossiers (
	hash VARCHAR(64) NOT NULL, 
	sources VARCHAR(64) NOT NULL, 
	document TEXT NOT NULL, 
	PRIMARY KEY (hash), 
	CONSTRAINT dossiers_sources FOREIGN KEY(sources) REFERENCES sources (hash)
);
CREATE TABLE "quotes" (
	id VARCHAR(24) NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	declared_on DATE NOT NULL, 
	regime VARCHAR(40) NOT NULL, 
	language VARCHAR(8) NOT NULL, 
	landed_cost_cny VARCHAR(41) NOT NULL, 
	request JSON NOT NULL, 
	quote BLOB NOT NULL, 
	release VARCHAR(100) NOT NULL, 
	fx_release VARCHAR(100) NOT NULL, 
	engine_version VARCHAR(40) NOT NULL, 
	owner VARCHAR(64) DEFAULT '' NOT NULL, 
	dossier VARCHAR(64), rows_used VARCHAR(32), 
	PRIMARY KEY (id), 
	CONSTRAINT quotes_dossier FOREIGN KEY(dossier) REFERENCES dossiers (hash)
);
CREATE INDEX quotes_by_dossier ON quotes (dossier);
CREATE TABLE idempotency_keys (
	owner VARCHAR(64) NOT NULL, 
	"key" VARCHAR(200) NOT NULL, 
	request_hash VARCHAR(64) NOT NULL, 
	claimed_at DATETIME NOT NULL, 
	claim VARCHAR(32) NOT NULL, 
	quote_id VARCHAR(24), 
	CONSTRAINT idempotency_keys_by_owner PRIMARY KEY (owner, "key"), 
	CONSTRAINT idempotency_keys_quote FOREIGN KEY(quote_id) REFERENCES quotes (id)
);
CREATE INDEX idempotency_keys_by_quote ON idempotency_keys (quote_id);
CREATE TABLE keys (
	id VARCHAR(12) NOT NULL, 
	kind VARCHAR(12) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	note VARCHAR(200) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	scopes JSON NOT NULL, 
	origins JSON NOT NULL, 
	rate VARCHAR(100) NOT NULL, 
	quota BIGINT, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME, 
	revoked_at DATETIME, 
	replaced_by VARCHAR(12), 
	PRIMARY KEY (id)
);
CREATE TABLE key_events (
	key_id VARCHAR(12) NOT NULL, 
	event VARCHAR(40) NOT NULL, 
	detail VARCHAR(200) NOT NULL, 
	day DATE NOT NULL, 
	count BIGINT NOT NULL, 
	first_at DATETIME NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT key_events_by_day PRIMARY KEY (key_id, event, detail, day)
);
CREATE TABLE key_usage (
	key_id VARCHAR(12) NOT NULL, 
	day DATE NOT NULL, 
	calls BIGINT NOT NULL, 
	last_at DATETIME NOT NULL, 
	CONSTRAINT key_usage_by_day PRIMARY KEY (key_id, day), 
	CONSTRAINT key_usage_key FOREIGN KEY(key_id) REFERENCES keys (id)
);
CREATE INDEX quotes_by_age ON quotes (created_at);
CREATE TABLE shares (
	hash VARCHAR(64) NOT NULL, 
	quote_id VARCHAR(24) NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	PRIMARY KEY (hash), 
	CONSTRAINT shares_quote FOREIGN KEY(quote_id) REFERENCES quotes (id)
);
CREATE INDEX shares_by_quote ON shares (quote_id);
CREATE TABLE jobs (
	id VARCHAR(24) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	status VARCHAR(12) NOT NULL, 
	form VARCHAR(12) NOT NULL, 
	asked TEXT NOT NULL, 
	day DATE NOT NULL, 
	created_at DATETIME NOT NULL, 
	expires_at DATETIME NOT NULL, 
	rows INTEGER, 
	done INTEGER NOT NULL, 
	failed INTEGER NOT NULL, 
	percent INTEGER NOT NULL, 
	problem TEXT, 
	claim VARCHAR(32) NOT NULL, 
	leased_until DATETIME, 
	"key" VARCHAR(200), 
	request_hash VARCHAR(64) NOT NULL, 
	PRIMARY KEY (id), 
	CONSTRAINT jobs_by_key UNIQUE (owner, "key")
);
CREATE INDEX jobs_by_age ON jobs (created_at);
CREATE TABLE job_bytes (
	job VARCHAR(24) NOT NULL, 
	kind VARCHAR(8) NOT NULL, 
	number INTEGER NOT NULL, 
	bytes BLOB NOT NULL, 
	CONSTRAINT job_bytes_in_order PRIMARY KEY (job, kind, number), 
	CONSTRAINT job_bytes_job FOREIGN KEY(job) REFERENCES jobs (id)
);
CREATE TABLE tombstones (
	id VARCHAR(24) NOT NULL, 
	owner VARCHAR(64) NOT NULL, 
	deleted_at DATETIME NOT NULL, 
	PRIMARY KEY (id)
);
CREATE INDEX tombstones_by_age ON tombstones (deleted_at);
CREATE TABLE retentions (
	owner VARCHAR(64) NOT NULL, 
	days INTEGER NOT NULL, 
	PRIMARY KEY (owner)
);
CREATE TABLE rows_used (
	hash VARCHAR(32) NOT NULL, 
	part VARCHAR(40) NOT NULL, 
	"key" TEXT NOT NULL, 
	digest VARCHAR(32) NOT NULL, 
	CONSTRAINT rows_used_of_set PRIMARY KEY (hash, digest, part)
);
CREATE INDEX rows_used_by_row ON rows_used (digest, part);
CREATE INDEX quotes_by_rows_used ON quotes (rows_used);
CREATE TABLE corrections (
	id VARCHAR(24) NOT NULL, 
	applied_at DATETIME NOT NULL, 
	part VARCHAR(40) NOT NULL, 
	"key" TEXT NOT NULL, 
	digest VARCHAR(32) NOT NULL, 
	release VARCHAR(100) NOT NULL, 
	found_on DATE NOT NULL, 
	reason TEXT NOT NULL, 
	PRIMARY KEY (id)
);
CREATE TABLE corrected_quotes (
	quote_id VARCHAR(24) NOT NULL, 
	correction VARCHAR(24) NOT NULL, 
	CONSTRAINT corrected_quotes_once PRIMARY KEY (quote_id, correction), 
	CONSTRAINT corrected_quotes_quote FOREIGN KEY(quote_id) REFERENCES quotes (id) ON DELETE CASCADE, 
	CONSTRAINT corrected_quotes_correction FOREIGN KEY(correction) REFERENCES corrections (id)
);
CREATE TABLE corrected_jobs (
	job_id VARCHAR(24) NOT NULL, 
	correction VARCHAR(24) NOT NULL, 
	CONSTRAINT corrected_jobs_once PRIMARY KEY (job_id, correction), 
	CONSTRAINT corrected_jobs_job FOREIGN KEY(job_id) REFERENCES jobs (id) ON DELETE CASCADE, 
	CONSTRAINT corrected_jobs_correction FOREIGN KEY(correction) REFERENCES corrections (id)
);
CREATE TABLE job_rows (
	job VARCHAR(24) NOT NULL, 
	declared_on DATE NOT NULL, 
	rows_used VARCHAR(32) NOT NULL, 
	CONSTRAINT job_rows_once PRIMARY KEY (job, declared_on, rows_used), 
	CONSTRAINT job_rows_job FOREIGN KEY(job) REFERENCES jobs (id) ON DELETE CASCADE
);
CREATE INDEX job_rows_by_set ON job_rows (rows_used);
INSERT INTO alembic_version (version_num) VALUES ('0009');
