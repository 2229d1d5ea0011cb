UPDATE jobs SET state = 'done' WHERE id = 1;
