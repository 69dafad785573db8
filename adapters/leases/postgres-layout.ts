/**
 * Layout of leases in PostgreSQL. Steps are only ever added at the end; each runs in a transaction of its own.
 *
 * Seats are asked for by one statement, a call of `downlink_acquire_lease`. It first waits for the lock of the person, and
 * only then looks: at READ COMMITTED each statement inside a function sees what was committed before it began, so of two
 * who ask at once for the last seat the second one sees the first. The lock goes with the transaction, that is, with the call.
 * The rule itself is that of `core/access/seating.ts`.
 */
export const POSTGRES_STEPS: readonly string[] = [
  `
  create table downlink_lease (
    account text collate "C" not null,
    id text collate "C" not null,
    device text not null,
    subject text not null,
    since bigint not null,
    expires_at bigint not null,
    primary key (account, id)
  );
  create index downlink_lease_by_end on downlink_lease (expires_at);
  create function downlink_acquire_lease(
    wish_account text, wish_id text, wish_device text, wish_subject text,
    wish_since bigint, wish_expires_at bigint, wish_limit bigint, may_replace boolean
  ) returns table (is_seated boolean, replaced text) language plpgsql as $body$
  declare
    victim text;
  begin
    perform pg_advisory_xact_lock(hashtext('downlink_lease'), hashtext(wish_account));
    delete from downlink_lease where account = wish_account and expires_at <= wish_since;
    update downlink_lease set device = wish_device, subject = wish_subject, expires_at = wish_expires_at
      where account = wish_account and id = wish_id;
    if found then
      return query select true, null::text;
      return;
    end if;
    if (select count(*) from downlink_lease where account = wish_account) >= wish_limit then
      select id into victim from downlink_lease
        where may_replace and account = wish_account and device = wish_device order by since, id limit 1;
      if victim is null then
        return query select false, null::text;
        return;
      end if;
      delete from downlink_lease where account = wish_account and id = victim;
    end if;
    insert into downlink_lease (account, id, device, subject, since, expires_at)
      values (wish_account, wish_id, wish_device, wish_subject, wish_since, wish_expires_at);
    return query select true, victim;
  end $body$;
  `,
]
