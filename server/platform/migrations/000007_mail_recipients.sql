-- To whom a mail goes, as a keyed hash of the address: what still waits for a person who is erased is erased too.
alter table platform.mails add column recipient text collate "C";
create index mails_recipient on platform.mails (recipient) where sealed is not null;
