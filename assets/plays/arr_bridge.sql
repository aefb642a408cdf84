-- One row an account that is billed, one a company at the top of its group, one a sum of each, by currency.
-- Sums are kept to the sixth decimal, so that the order in which an engine adds does not show.
with lines as (
    select
        s.account_entity_id as account_id,
        coalesce(a.ultimate_parent_entity_id, s.account_entity_id) as parent_id,
        {% if given.rates -%}
        case when r.rate is null then s.currency else {{ param.reporting_currency }} end as currency,
        {{ number('s.mrr') }} * coalesce(r.rate, 1) as mrr,
        {%- else -%}
        s.currency,
        {{ number('s.mrr') }} as mrr,
        {%- endif %}
        coalesce(s.started_at <= {{ days_before(as_of, param.window_days) }}, false)
            and coalesce(s.ended_at > {{ days_before(as_of, param.window_days) }}, s.is_live) as at_start,
        s.is_live as at_end,
        case when s.mrr is not null and s.started_at is not null and (s.is_live or s.ended_at is not null)
            then 1 else 0 end as is_known
    from {{ model('subscriptions') }} as s
    left join {{ model('accounts') }} as a on a.entity_id = s.account_entity_id
    {% if given.rates -%}
    left join {{ param.rates }} as r on r.currency = s.currency
    {% endif -%}
    where s.account_entity_id is not null and s.currency is not null and s.status in ('active', 'ended')
),

entities as (
    select
        'billing' as grain,
        account_id as entity_id,
        currency,
        floor(1000000 * sum(case when at_start then mrr else 0 end) + 0.5) / 1000000 as start_mrr,
        floor(1000000 * sum(case when at_end then mrr else 0 end) + 0.5) / 1000000 as end_mrr,
        {{ ratio('sum(is_known)', 'count(*)') }} as known_share
    from lines
    group by account_id, currency
    union all
    select
        'parent' as grain,
        parent_id as entity_id,
        currency,
        floor(1000000 * sum(case when at_start then mrr else 0 end) + 0.5) / 1000000 as start_mrr,
        floor(1000000 * sum(case when at_end then mrr else 0 end) + 0.5) / 1000000 as end_mrr,
        {{ ratio('sum(is_known)', 'count(*)') }} as known_share
    from lines
    group by parent_id, currency
),

moved as (
    select
        e.grain,
        e.entity_id,
        e.currency,
        a.name,
        a.owner,
        e.start_mrr,
        case when e.start_mrr = 0 then e.end_mrr else 0 end as new_mrr,
        case when e.start_mrr > 0 and e.end_mrr > e.start_mrr then e.end_mrr - e.start_mrr else 0 end as expansion_mrr,
        case when e.end_mrr > 0 and e.end_mrr < e.start_mrr then e.start_mrr - e.end_mrr else 0 end as contraction_mrr,
        case when e.end_mrr = 0 then e.start_mrr else 0 end as churn_mrr,
        e.end_mrr,
        case when e.grain = 'billing' and a.currency = e.currency and abs({{ number('a.mrr') }} - e.end_mrr) >= 0.01
            then {{ number('a.mrr') }} - e.end_mrr end as residual_mrr,
        e.known_share
    from entities as e
    left join {{ model('accounts') }} as a on a.entity_id = e.entity_id
    where e.start_mrr > 0 or e.end_mrr > 0 or e.known_share < 1
),

summed as (
    select * from moved
    union all
    select
        grain, 'all', currency, 'all accounts', cast(null as varchar(200)),
        floor(1000000 * sum(start_mrr) + 0.5) / 1000000,
        floor(1000000 * sum(new_mrr) + 0.5) / 1000000,
        floor(1000000 * sum(expansion_mrr) + 0.5) / 1000000,
        floor(1000000 * sum(contraction_mrr) + 0.5) / 1000000,
        floor(1000000 * sum(churn_mrr) + 0.5) / 1000000,
        floor(1000000 * sum(end_mrr) + 0.5) / 1000000,
        floor(1000000 * sum(residual_mrr) + 0.5) / 1000000,
        floor(1000000 * avg(known_share) + 0.5) / 1000000
    from moved
    group by grain, currency
)

select
    *,
    {{ ratio('start_mrr + expansion_mrr - contraction_mrr - churn_mrr', 'start_mrr') }} as nrr,
    floor(1000 * {{ ratio('start_mrr + expansion_mrr - contraction_mrr - churn_mrr', 'start_mrr') }} + 0.5) / 10 as score,
    case
        when entity_id = 'all' then 'total'
        when churn_mrr > 0 then 'lost'
        when contraction_mrr > 0 then 'shrank'
        when residual_mrr is not null then 'residual'
        when expansion_mrr > 0 then 'grew'
        when new_mrr > 0 then 'new'
        else 'flat'
    end as tier,
    concat_ws('; ',
        case when churn_mrr > 0 then concat('lost ', {{ whole('floor(churn_mrr + 0.5)') }}, ' ', currency, ' a month') end,
        case when contraction_mrr > 0 then concat('down ', {{ whole('floor(contraction_mrr + 0.5)') }}, ' ', currency, ' a month') end,
        case when expansion_mrr > 0 then concat('up ', {{ whole('floor(expansion_mrr + 0.5)') }}, ' ', currency, ' a month') end,
        case when new_mrr > 0 then concat('new: ', {{ whole('floor(new_mrr + 0.5)') }}, ' ', currency, ' a month') end,
        case when start_mrr > 0 and end_mrr = start_mrr then 'as it was' end,
        case when residual_mrr is not null
            then concat('residual: the model states ', {{ whole('floor(abs(residual_mrr) + 0.5)') }}, ' ', currency,
                case when residual_mrr < 0 then ' a month less' else ' a month more' end, ' than its subscriptions') end
    ) as drivers
from summed
