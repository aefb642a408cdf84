-- One row an account that is alive, with its route and what routing.toml weighs.
with living as (
    select
        *,
        3 * tickets_open_urgent + 2 * tickets_open_high
            + (tickets_open - tickets_open_urgent - tickets_open_high) as support_load
    from {{ model('accounts') }}
    where is_internal is not true and coalesce(status, '') <> 'churned'
),

-- What each colleague carries now.
carried as (
    select owner, count(*) + {{ param.ticket_load }} * coalesce(sum(support_load), 0) as load
    from living
    where owner is not null
    group by owner
),

{% if given.team -%}
colleagues as (
    select
        t.owner,
        lower(t.territory) as territory,
        coalesce(t.available, true) as available,
        coalesce(t.capacity, {{ param.usual_capacity }}) as capacity,
        coalesce(c.load, 0) as load
    from {{ param.team }} as t
    left join carried as c on c.owner = t.owner
),
{%- else -%}
colleagues as (
    select owner, cast(null as varchar(200)) as territory, true as available, load + {{ param.usual_capacity }} as capacity, load
    from carried
),
{%- endif %}

-- Those with room, in their territory and for any account, each with a stretch of places as long as the room.
stretches as (
    select
        pool,
        owner,
        sum(room) over (partition by pool order by owner rows unbounded preceding) as upto,
        sum(room) over (partition by pool) as total,
        room
    from (
        select territory as pool, owner, floor(capacity - load) as room
        from colleagues
        where available and capacity - load >= 1 and territory is not null
        union all
        select '*' as pool, owner, floor(capacity - load) as room
        from colleagues
        where available and capacity - load >= 1
    ) as open_pools
),

pools as (
    select distinct pool from stretches
),

-- An owner who is here keeps an account; so does the owner of the company above it.
standing as (
    select
        a.entity_id,
        own.owner as own_owner,
        above.owner as parent_owner,
        coalesce(p.pool, '*') as pool
    from living as a
    left join colleagues as own on own.owner = a.owner and own.available
    left join living as parent on parent.entity_id = a.ultimate_parent_entity_id and parent.entity_id <> a.entity_id
    left join colleagues as above on above.owner = parent.owner and above.available and above.load < above.capacity
    left join pools as p on p.pool = lower(a.country)
),

-- The others take places in their pool, the most valuable first, and go to whoever's stretch the place lies in.
placed as (
    select w.entity_id, w.pool, s.owner
    from (
        select
            o.entity_id,
            o.pool,
            row_number() over (partition by o.pool order by coalesce(a.arr, 0) desc, o.entity_id) - 1 as place
        from standing as o
        join living as a on a.entity_id = o.entity_id
        where o.own_owner is null and o.parent_owner is null
    ) as w
    join stretches as s
        on s.pool = w.pool and w.place - s.total * floor(w.place / s.total) >= s.upto - s.room
        and w.place - s.total * floor(w.place / s.total) < s.upto
),

routed as (
    select
        a.*,
        coalesce(o.own_owner, o.parent_owner, p.owner, nullif({{ param.catch_all }}, '')) as routed_owner,
        case
            when o.own_owner is not null then 'keeps'
            when o.parent_owner is not null then 'parent'
            when p.owner is not null and p.pool <> '*' then 'territory'
            when p.owner is not null then 'capacity'
            when {{ param.catch_all }} <> '' then 'catch_all'
            else 'no_eligible_owner'
        end as route
    from living as a
    join standing as o on o.entity_id = a.entity_id
    left join placed as p on p.entity_id = a.entity_id
)

select
    entity_id,
    name,
    routed_owner as owner,
    owner as owner_before,
    route,
    arr,
    currency,
    tickets_open,
    support_load,
    case when renewal_date >= {{ as_of }} then {{ days(as_of, 'renewal_date') }} end as days_to_renewal,
    case when owner is null then 1 else 0 end as without_owner,
    case route
        when 'keeps' then concat('stays with ', routed_owner)
        when 'parent' then concat('to ', routed_owner, ', who owns the company above')
        when 'territory' then concat('to ', routed_owner, ' of its territory')
        when 'capacity' then concat('to ', routed_owner, ', who has room')
        when 'catch_all' then concat('to ', routed_owner, ' as nobody else can')
        else 'no eligible owner'
    end as route_words
from routed
