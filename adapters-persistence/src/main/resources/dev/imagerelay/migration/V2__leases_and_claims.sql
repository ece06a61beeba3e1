-- A gateway is one process that has this database open; what it holds is as good as its lease. Who has released
-- everything that a dead one held marks it as swept, so that nobody looks for more.
CREATE TABLE gateway (
  id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  lease_until TIMESTAMP WITH TIME ZONE NOT NULL,
  swept       BOOLEAN NOT NULL
);

ALTER TABLE relay ADD COLUMN owner BIGINT;

-- What is held since before there were leases was held by a gateway that is gone.
INSERT INTO gateway (lease_until, swept) VALUES (TIMESTAMP WITH TIME ZONE '2000-01-01 00:00:00+00:00', FALSE);
UPDATE relay SET owner = (SELECT MIN(id) FROM gateway) WHERE state = 'HELD';

-- Which relay made the order that is recognised by this name.
CREATE TABLE claim (
  account_id  VARCHAR(64) NOT NULL,
  name        CHAR(64)    NOT NULL,
  fingerprint CHAR(64)    NOT NULL,
  relay_id    VARCHAR(40) NOT NULL,
  since       TIMESTAMP WITH TIME ZONE NOT NULL,
  PRIMARY KEY (account_id, name)
);

CREATE INDEX claim_by_age ON claim (since);
CREATE INDEX credit_grant_by_expiry ON credit_grant (expires_at);
