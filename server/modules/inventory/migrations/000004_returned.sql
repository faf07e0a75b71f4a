-- Units that customers sent back are told apart from those that were found.
alter table inventory.movements
  drop constraint movements_kind_check,
  add constraint movements_kind_check check (kind in ('set', 'adjusted', 'imported', 'shipped',
    'count_correction', 'damaged', 'repaired', 'written_off', 'sent', 'received', 'returned'));
