-- What was used on days that are over, added up when it is first asked for, so that nobody adds up the same relays twice.
-- A day has been added up if it is complete, and then by the rows of that attempt; a refund makes it incomplete.
CREATE TABLE usage_added_up (
  of_day      TIMESTAMP WITH TIME ZONE PRIMARY KEY,
  attempt  BIGINT  NOT NULL,
  complete BOOLEAN NOT NULL
);

CREATE TABLE usage_day (
  of_day        TIMESTAMP WITH TIME ZONE NOT NULL,
  attempt    BIGINT       NOT NULL,
  account_id VARCHAR(64)  NOT NULL,
  key_prefix VARCHAR(64)  NOT NULL,
  model      VARCHAR(128) NOT NULL,
  size       VARCHAR(32)  NOT NULL,
  quality    VARCHAR(32)  NOT NULL,
  outcome    VARCHAR(64)  NOT NULL,
  relays     BIGINT       NOT NULL,
  ordered    BIGINT       NOT NULL,
  delivered  BIGINT       NOT NULL,
  quoted     BIGINT       NOT NULL,
  charged    BIGINT       NOT NULL,
  refunded   BIGINT       NOT NULL
);

CREATE INDEX usage_day_by_day ON usage_day (of_day);
