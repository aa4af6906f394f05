-- +goose Up
-- Contact requests are listed newest first by their identifier: all, by state, by department, by both. Each list has its own index,
-- so that a page costs a page however many there are.
DROP INDEX contact_requests_list;
CREATE INDEX contact_requests_account ON contact_requests (account_id, id);
CREATE INDEX contact_requests_state ON contact_requests (account_id, state, id);
CREATE INDEX contact_requests_department ON contact_requests (account_id, department_id, id);
CREATE INDEX contact_requests_department_state ON contact_requests (account_id, department_id, state, id);
