-- One row a paying account, with what expansion.toml weighs.
select
    entity_id,
    name,
    owner,
    plan,
    arr,
    currency,
    seats_bought,
    seats_used,
    seats_used - seats_bought as seats_over,
    {{ ratio('seats_used', 'seats_bought') }} as seat_use,
    case when seats_used > seats_bought then 1 when seats_used <= seats_bought then 0 end as over_limit,
    active_days_28d,
    active_users_28d,
    usage_trend,
    1 + usage_trend as usage_level,
    employees,
    {{ ratio('employees', 'seats_bought') }} as employees_for_seat,
    case
        when overdue_amount > 0 then 'kept back: owes money that is late'
        when usage_trend <= {{ param.falling }} then 'kept back: its use falls'
        when {{ days('first_active_on', as_of) }} < 7 * {{ param.least_weeks }} then 'kept back: in use for a few weeks only'
    end as kept_back_by
from {{ model('accounts') }}
where mrr > 0 and is_internal is not true
