-- On its own, as it takes a while where there are many relays, and locks them alone.
CREATE INDEX relay_by_time ON relay (held_at, id);
