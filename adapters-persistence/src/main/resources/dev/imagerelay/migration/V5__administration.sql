-- Accounts may be suspended and limited, keys have a name and a scope, and what administrators do is on record.
-- Limits that are null do not limit.

ALTER TABLE account ADD COLUMN state VARCHAR(16) DEFAULT 'OPEN' NOT NULL;
ALTER TABLE account ADD COLUMN requests_per_minute INTEGER;
ALTER TABLE account ADD COLUMN images_per_minute INTEGER;
ALTER TABLE account ADD COLUMN requests_at_once INTEGER;
ALTER TABLE account ADD COLUMN credits_per_day BIGINT;

ALTER TABLE api_key ADD COLUMN name VARCHAR(200) DEFAULT '' NOT NULL;
-- Names with spaces in between; empty for all.
ALTER TABLE api_key ADD COLUMN models TEXT DEFAULT '' NOT NULL;
ALTER TABLE api_key ADD COLUMN requests_per_minute INTEGER;
ALTER TABLE api_key ADD COLUMN images_per_minute INTEGER;
ALTER TABLE api_key ADD COLUMN requests_at_once INTEGER;
ALTER TABLE api_key ADD COLUMN credits_per_day BIGINT;
ALTER TABLE api_key ADD COLUMN credits BIGINT;
ALTER TABLE api_key ADD COLUMN expires_at TIMESTAMP WITH TIME ZONE;
CREATE INDEX api_key_by_account ON api_key (account_id);

-- What accounts with a cap, and keys with one, have spent: what is held, and what was charged. Begun with what the relays
-- say when a cap is met for the first time, and kept up from then on. The spender is 'account' or a key's prefix, the
-- period a day such as '2026-11-22', or 'ever'.
CREATE TABLE spending (
  account_id VARCHAR(64) NOT NULL,
  spender    VARCHAR(64) NOT NULL,
  period     VARCHAR(10) NOT NULL,
  amount     BIGINT      NOT NULL CHECK (amount >= 0),
  PRIMARY KEY (account_id, spender, period)
);

-- Appended and never changed.
CREATE TABLE audit (
  number  BIGINT       GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  at      TIMESTAMP WITH TIME ZONE NOT NULL,
  who     VARCHAR(100) NOT NULL,
  action  VARCHAR(100) NOT NULL,
  subject VARCHAR(64)  NOT NULL,
  was     TEXT,
  became  TEXT
);

CREATE INDEX audit_by_subject ON audit (subject, number);
