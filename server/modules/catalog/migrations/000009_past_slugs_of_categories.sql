-- Slugs that a category had before: they go on leading to it.
alter table catalog.categories add column past_slugs text[] not null default '{}';
