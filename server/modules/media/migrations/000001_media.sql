-- Pictures, each by its content. The bytes themselves are in a folder or in S3.
create schema if not exists media;

-- A directory: could be distributed by its own key.
create table media.files (
  -- SHA-256 of the bytes that were uploaded, as hex.
  key text collate "C" primary key,
  -- Of what is kept: upright, and made smaller if it was very large.
  width int not null check (width > 0),
  height int not null check (height > 0),
  color char(7) not null,
  format text not null check (format in ('jpeg', 'webp')),
  bytes int not null,
  source_url text,
  created_by text not null,
  created_at timestamptz not null default now()
);
create index files_by_time on media.files (created_at desc, key desc);
