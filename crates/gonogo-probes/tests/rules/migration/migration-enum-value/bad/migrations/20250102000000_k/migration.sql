ALTER TYPE state ADD VALUE 'done';
UPDATE jobs SET state = 'done' WHERE id = 1;
