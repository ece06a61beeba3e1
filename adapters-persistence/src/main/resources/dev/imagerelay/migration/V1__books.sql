-- Amounts are millionths of a credit. Times are the writer's.
-- Every index is a page more to write in every commit, so relays and entries have those that are read by, and no foreign
-- key that would need another: the writer has locked the account and loaded the grant before it refers to them, and the
-- check of the books finds an entry whose account, grant or relay does not exist. Who is held is asked at a start only,
-- after the check of the books has read everything anyway.

CREATE TABLE account (
  id   VARCHAR(64)  PRIMARY KEY,
  name VARCHAR(200) NOT NULL
);

CREATE TABLE api_key (
  prefix     VARCHAR(32) PRIMARY KEY,
  account_id VARCHAR(64) NOT NULL REFERENCES account (id),
  sha256     CHAR(64)    NOT NULL,
  issued_at  TIMESTAMP WITH TIME ZONE NOT NULL,
  revoked_at TIMESTAMP WITH TIME ZONE
);

CREATE TABLE rate_card (
  version VARCHAR(16) PRIMARY KEY,
  prices  TEXT        NOT NULL,
  kept_at TIMESTAMP WITH TIME ZONE NOT NULL
);

-- What is left of each grant is what its entries add up to; an account has what is left of all its grants.
CREATE TABLE credit_grant (
  id          VARCHAR(64) PRIMARY KEY,
  account_id  VARCHAR(64) NOT NULL REFERENCES account (id),
  source      VARCHAR(16) NOT NULL,
  priority    INTEGER     NOT NULL,
  expires_at  TIMESTAMP WITH TIME ZONE,
  granted_at  TIMESTAMP WITH TIME ZONE NOT NULL,
  external_id VARCHAR(200),
  granted     BIGINT      NOT NULL CHECK (granted > 0),
  available   BIGINT      NOT NULL CHECK (available >= 0),
  held        BIGINT      NOT NULL CHECK (held >= 0),
  CHECK (available + held <= granted),
  UNIQUE (account_id, external_id)
);

CREATE TABLE relay (
  id         VARCHAR(40)  PRIMARY KEY,
  account_id VARCHAR(64)  NOT NULL,
  key_prefix VARCHAR(64)  NOT NULL,
  model      VARCHAR(128) NOT NULL,
  size       VARCHAR(32),
  quality    VARCHAR(32),
  images     INTEGER      NOT NULL CHECK (images > 0),
  quoted     BIGINT       NOT NULL CHECK (quoted >= 0),
  version    VARCHAR(16)  NOT NULL,
  state      VARCHAR(8)   NOT NULL CHECK (state IN ('HELD', 'SETTLED', 'RELEASED')),
  delivered  INTEGER      NOT NULL CHECK (delivered >= 0 AND delivered <= images),
  charged    BIGINT       NOT NULL CHECK (charged >= 0 AND charged <= quoted),
  refunded   BIGINT       NOT NULL CHECK (refunded >= 0 AND refunded <= charged),
  reason     VARCHAR(64),
  held_at    TIMESTAMP WITH TIME ZONE NOT NULL,
  ended_at   TIMESTAMP WITH TIME ZONE,
  CHECK (state = 'SETTLED' OR (delivered = 0 AND charged = 0)),
  CHECK ((state = 'HELD') = (ended_at IS NULL))
);

-- Appended and never changed. The kind says from which pot to which the amount went.
CREATE TABLE ledger_entry (
  number     BIGINT      GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  account_id VARCHAR(64) NOT NULL,
  kind       VARCHAR(16) NOT NULL,
  amount     BIGINT      NOT NULL CHECK (amount > 0),
  grant_id   VARCHAR(64) NOT NULL,
  relay_id   VARCHAR(40),
  who        VARCHAR(100),
  reason     VARCHAR(500),
  at         TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE INDEX ledger_entry_by_account ON ledger_entry (account_id, number);
CREATE INDEX ledger_entry_by_relay ON ledger_entry (relay_id);
