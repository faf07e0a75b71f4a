-- Whether a session was opened with two factors, or has had a second one set up in it: staff act as such in no other,
-- where the shop asks for that.
alter table identity.sessions add column is_two_factor boolean not null default false;
