-- What relays have delivered, kept for a while; used when several gateways share the database. A result lies in parts,
-- numbered from 0, so that nobody needs memory in proportion to a picture.

CREATE TABLE result (
  relay_id     VARCHAR(40)  PRIMARY KEY,
  content_type VARCHAR(200) NOT NULL,
  length       BIGINT       NOT NULL CHECK (length >= 0),
  kept_at      TIMESTAMP WITH TIME ZONE NOT NULL
);

CREATE INDEX result_by_age ON result (kept_at, relay_id);

CREATE TABLE result_part (
  relay_id VARCHAR(40) NOT NULL REFERENCES result (relay_id) ON DELETE CASCADE,
  part     INTEGER     NOT NULL,
  bytes    BYTEA       NOT NULL,
  PRIMARY KEY (relay_id, part)
);
