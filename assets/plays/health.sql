-- One row a customer, with what health.toml weighs.
select
    entity_id,
    name,
    owner,
    arr,
    currency,
    seats_used,
    seats_bought,
    {{ ratio('seats_used', 'seats_bought') }} as seat_use,
    active_days_28d,
    {{ ratio('active_users_7d', 'active_users_28d') }} as weekly_share,
    usage_trend,
    1 + usage_trend as usage_level,
    tickets_90d,
    {{ ratio('tickets_90d', 'greatest(users, seats_used, 1)') }} as ticket_rate,
    csat,
    {{ ratio('overdue_amount', 'mrr') }} as overdue_months
from {{ model('accounts') }}
where status = 'customer' and is_internal is not true
