-- A parcel that comes from another country than its destination's takes as long as one to this
-- zone; null: as long as any to its own.
alter table shipping.zones add column abroad_zone_id text collate "C" references shipping.zones;
update shipping.zones set abroad_zone_id = 'region' where id = 'domestic';
