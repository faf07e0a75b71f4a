-- The titles' place in the stream stands among the consumers' cursors, where nothing that they have
-- not read is dropped and their lag is counted.
insert into platform.consumer_cursors (consumer, source, position)
select 'search.keep_titles', 'main', position from search.titles_cursor where position > 0
on conflict do nothing;
drop table search.titles_cursor;
