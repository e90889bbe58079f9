-- Once, on the primary, by the superuser: the application's role and database.
SELECT 'CREATE ROLE purna LOGIN' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'purna') \gexec
SET password_encryption = 'scram-sha-256';
ALTER ROLE purna PASSWORD '{{ secret("database_purna") }}';
SELECT 'CREATE DATABASE purna OWNER purna' WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'purna') \gexec
REVOKE ALL ON DATABASE purna FROM PUBLIC;
