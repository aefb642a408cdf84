-- One row a paying account, with what churn_risk.toml weighs.
select
    a.entity_id,
    a.name,
    a.owner,
    a.arr,
    a.currency,
    s.renewal_on,
    {{ days('a.last_active_on', as_of) }} as days_silent,
    a.usage_trend,
    -a.usage_trend as usage_fall,
    a.tickets_open_urgent + a.tickets_open_high as grave_tickets,
    {{ ratio('coalesce(s.ended_mrr, 0)', 'a.mrr + coalesce(s.ended_mrr, 0)') }} as cut_share,
    {{ ratio('a.overdue_amount', 'a.mrr') }} as overdue_months,
    coalesce({{ days(as_of, 's.renewal_on') }}, 999) as days_to_renewal
from {{ model('accounts') }} as a
left join (
    -- Only what matters here: subscriptions that ended lately, and yearly ones that go on.
    select
        account_entity_id,
        sum(case when ended_at <= {{ as_of }} then mrr end) as ended_mrr,
        min(case when is_live and period_end >= {{ as_of }} then cast(period_end as date) end) as renewal_on
    from {{ model('subscriptions') }}
    where (ended_at > {{ days_before(as_of, param.cut_days) }} and ended_at <= {{ as_of }})
        or (is_live and lower("interval") in ('year', '12 months'))
    group by account_entity_id
) as s on s.account_entity_id = a.entity_id
where a.mrr > 0 and a.is_internal is not true
