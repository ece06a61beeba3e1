-- For H2 alone. It stores the whole file each time it takes more numbers from a sequence, by default after every 32: in
-- the middle of a batch, again and again. (PostgreSQL gives them to sessions, and several would number out of order.)
ALTER TABLE ledger_entry ALTER COLUMN number SET CACHE 4096;
