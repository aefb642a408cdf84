CREATE SCHEMA salesforce;
CREATE TABLE salesforce.account (id VARCHAR, name VARCHAR, website VARCHAR, owner_id VARCHAR, type VARCHAR, arr_c VARCHAR,
  currency_iso_code VARCHAR, plan_c VARCHAR, seats_c VARCHAR, renewal_c DATE, billing_country VARCHAR, number_of_employees INTEGER,
  stripe_customer_id_c VARCHAR, created_date TIMESTAMP, last_modified_date TIMESTAMP, is_deleted BOOLEAN, _fivetran_synced TIMESTAMP);
INSERT INTO salesforce.account VALUES
 ('001A','Acme, Inc.','https://www.acme.com','005A','Customer','12000.00','USD','Pro','10','2026-09-03','United States',250,'cus_1',
  '2024-01-01 10:00:00','2026-06-01 00:00:00',false,'2026-06-29 01:00:00'),
 ('001B','Beta GmbH','beta.de','005B','Prospect',NULL,'EUR',NULL,NULL,NULL,'Germany',40,'cus_3',
  '2024-02-01 10:00:00','2026-05-01 00:00:00',false,'2026-06-29 01:00:00'),
 ('001D','Acme (old)','acme-old.com','005B','Customer','99','USD','Free','1','2026-01-01','France',1,NULL,
  '2023-01-01 10:00:00','2026-06-20 00:00:00',true,'2026-06-29 01:00:00'),
 ('001C','Gamma','gamma.io','005A','Customer',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2025-01-01 10:00:00',NULL,false,'2026-06-29 01:00:00'),
 (NULL,'No key',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,false,NULL),
 ('001C','Gamma twin','gamma.io','005A','Customer',NULL,NULL,NULL,NULL,NULL,NULL,NULL,NULL,'2025-01-01 10:00:00',NULL,false,'2026-06-28 01:00:00');
CREATE TABLE salesforce.user (id VARCHAR, name VARCHAR, email VARCHAR, _fivetran_synced TIMESTAMP);
INSERT INTO salesforce.user VALUES ('005A','Olga Owner','olga@vendor.com','2026-06-29 01:00:00'),('005B','Bert Boss','bert@vendor.com','2026-06-29 01:00:00');
CREATE TABLE salesforce.opportunity (id VARCHAR, account_id VARCHAR, amount DOUBLE PRECISION, is_won BOOLEAN, stage_name VARCHAR, _fivetran_synced TIMESTAMP);
INSERT INTO salesforce.opportunity VALUES ('006A','001A',12000,true,'Closed Won','2026-06-29 01:00:00'),('006C','001C',5000,true,'Closed Won','2026-06-29 01:00:00'),
 ('006B','001B',700,false,'Negotiation','2026-06-29 01:00:00');
CREATE SCHEMA stripe;
CREATE TABLE stripe.customer (id VARCHAR, name VARCHAR, email VARCHAR, address_country VARCHAR, currency VARCHAR, metadata VARCHAR, created TIMESTAMP,
  livemode BOOLEAN, _airbyte_extracted_at TIMESTAMP, _airbyte_meta VARCHAR);
INSERT INTO stripe.customer VALUES
 ('cus_1','ACME Incorporated','billing@acme.com','US','usd','{"account_owner":"zoe@vendor.com"}','2024-01-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('cus_2','Beta GmbH','ap@beta.de','FR','eur','{}','2024-02-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('cus_3','Beta Zwei','ap@gmail.com','DE','eur','{}','2024-03-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}');
CREATE TABLE stripe.product (id VARCHAR, name VARCHAR);
INSERT INTO stripe.product VALUES ('prod_pro','Pro'),('prod_team','Team');
CREATE TABLE stripe.price (id VARCHAR, product_id VARCHAR, nickname VARCHAR, currency VARCHAR, unit_amount BIGINT, recurring_interval VARCHAR, recurring_interval_count BIGINT);
INSERT INTO stripe.price VALUES ('price_pm','prod_pro','Pro monthly','usd',10000,'month',1),('price_ty','prod_team','Team yearly','eur',120000,'year',1),
 ('price_pe','prod_pro','Pro monthly EUR','eur',9000,'month',1);
CREATE TABLE stripe.subscription (id VARCHAR, customer_id VARCHAR, status VARCHAR, quantity BIGINT, start_date TIMESTAMP, ended_at TIMESTAMP,
  current_period_start TIMESTAMP, current_period_end TIMESTAMP, livemode BOOLEAN, _airbyte_extracted_at TIMESTAMP, _airbyte_meta VARCHAR);
INSERT INTO stripe.subscription VALUES
 ('sub_1','cus_1','active',NULL,'2024-01-05 00:00:00',NULL,'2026-06-05 00:00:00','2026-09-01 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('sub_2','cus_2','active',NULL,'2024-02-05 00:00:00',NULL,'2026-02-05 00:00:00','2027-02-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('sub_3','cus_1','canceled',3,'2023-01-05 00:00:00','2023-12-31 00:00:00','2023-12-05 00:00:00','2024-01-05 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 76}'),
 ('sub_t','cus_1','active',3,'2023-01-05 00:00:00',NULL,'2023-12-05 00:00:00','2024-01-05 00:00:00',false,'2026-06-29 02:00:00','{"sync_id": 76}');
CREATE TABLE stripe.subscription_item (id VARCHAR, subscription_id VARCHAR, plan_id VARCHAR, quantity BIGINT);
INSERT INTO stripe.subscription_item VALUES ('si_1','sub_1','price_pm',8),('si_2','sub_2','price_ty',3),('si_3','sub_3','price_pm',3),('si_t','sub_t','price_pm',9);
CREATE TABLE stripe.invoice (id VARCHAR, customer_id VARCHAR, subscription_id VARCHAR, number VARCHAR, status VARCHAR, total BIGINT, amount_due BIGINT, amount_paid BIGINT,
  currency VARCHAR, due_date TIMESTAMP, created VARCHAR, livemode BOOLEAN, _airbyte_extracted_at TIMESTAMP, _airbyte_meta VARCHAR);
INSERT INTO stripe.invoice VALUES
 ('in_1','cus_1','sub_1','A-1','open',80000,80000,0,'usd','2026-06-10 00:00:00','2026-05-10 00:00:00',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('in_2','cus_1','sub_1','A-2','paid',80000,80000,80000,'usd','2026-05-10 00:00:00','2026-04-10T00:00:00Z',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('in_3','cus_1','sub_1','A-3','open',30000,30000,10000,'usd','2026-06-12 00:00:00','soon',true,'2026-06-29 02:00:00','{"sync_id": 77}'),
 ('in_4','cus_9',NULL,'A-4','open',100,100,0,'usd','2026-06-12 00:00:00','2026-05-12',true,'2026-06-29 02:00:00','{"sync_id": 77}');
CREATE SCHEMA zendesk;
CREATE TABLE zendesk.organization (id BIGINT, name VARCHAR, created_at TIMESTAMP, updated_at TIMESTAMP, _fivetran_synced TIMESTAMP);
INSERT INTO zendesk.organization VALUES (10,'Acme','2024-03-01 00:00:00','2026-06-15 00:00:00','2026-06-29 03:00:00'),(20,'Beta','2024-03-01 00:00:00','2026-06-15 00:00:00','2026-06-29 03:00:00');
CREATE TABLE zendesk.domain_name (organization_id BIGINT, domain_name VARCHAR, index BIGINT);
INSERT INTO zendesk.domain_name VALUES (10,'acme.co.uk',0);
CREATE TABLE zendesk.user (id BIGINT, name VARCHAR, email VARCHAR, organization_id BIGINT, _fivetran_synced TIMESTAMP);
INSERT INTO zendesk.user VALUES (501,'Ann Able','Ann@acme.com',10,'2026-06-29 03:00:00');
CREATE TABLE zendesk.ticket (id BIGINT, organization_id BIGINT, requester_id BIGINT, status VARCHAR, priority VARCHAR, subject VARCHAR, created_at TIMESTAMP, satisfaction VARCHAR, _fivetran_synced TIMESTAMP);
INSERT INTO zendesk.ticket VALUES
 (1,10,501,'open','urgent','=cmd|''/c calc''!A1','2026-06-20 08:00:00',NULL,'2026-06-29 03:00:00'),
 (2,10,501,'solved','high','Slow','2026-05-20 08:00:00','good','2026-06-29 03:00:00'),
 (3,20,501,'pending','high','Wrong org','2026-01-02 08:00:00','bad','2026-06-29 03:00:00'),
 (4,NULL,NULL,'new',NULL,'Nobody','2026-06-21 08:00:00',NULL,'2026-06-29 03:00:00');
CREATE SCHEMA product;
CREATE TABLE product.groups (id VARCHAR, name VARCHAR, plan VARCHAR, seats BIGINT, received_at TIMESTAMP);
INSERT INTO product.groups VALUES ('g1','Acme','Team',10,'2026-06-30 00:00:00');
CREATE TABLE product.users (id VARCHAR, email VARCHAR, first_name VARCHAR, last_name VARCHAR, group_id VARCHAR, received_at TIMESTAMP);
INSERT INTO product.users VALUES ('u1','ann@acme.com','Ann','Able','g1','2026-06-30 00:00:00'),('u2','bob@acme.com','Bob','Best','g1','2026-06-30 00:00:00');
CREATE TABLE product.tracks (id VARCHAR, user_id VARCHAR, event VARCHAR, "timestamp" TIMESTAMP);
INSERT INTO product.tracks VALUES ('e1','u1','Opened','2026-06-30 09:00:00'),('e2','u1','Opened','2026-06-30 10:00:00'),('e3','u2','Opened','2026-06-25 10:00:00'),
 ('e4','u2','Opened','2026-06-10 10:00:00'),('e5','u2','Opened','2026-01-10 10:00:00'),('e6','stranger','Opened','2026-06-10 10:00:00'),('e7','u1','Opened',NULL);
ALTER TABLE salesforce.account ADD COLUMN annual_revenue DOUBLE PRECISION;
UPDATE salesforce.account SET annual_revenue = 5000000.5 WHERE id = '001A';
ALTER TABLE salesforce.opportunity ADD COLUMN is_closed BOOLEAN;
ALTER TABLE salesforce.opportunity ADD COLUMN close_date DATE;
UPDATE salesforce.opportunity SET is_closed = true, close_date = '2024-01-02' WHERE id IN ('006A', '006C');
UPDATE salesforce.opportunity SET is_closed = false, close_date = '2026-07-15' WHERE id = '006B';
ALTER TABLE stripe.subscription ADD COLUMN cancel_at TIMESTAMP;
UPDATE stripe.subscription SET cancel_at = '2027-02-05 00:00:00' WHERE id = 'sub_2';
ALTER TABLE stripe.invoice ADD COLUMN paid_at TIMESTAMP;
UPDATE stripe.invoice SET paid_at = '2026-05-02 09:30:00' WHERE id = 'in_2';
ALTER TABLE zendesk.ticket ADD COLUMN solved_at TIMESTAMP;
ALTER TABLE zendesk.ticket ADD COLUMN assignee_id BIGINT;
UPDATE zendesk.ticket SET solved_at = '2026-05-22 08:45:30', assignee_id = 900 WHERE id = 2
