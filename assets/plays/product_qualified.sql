-- One row an account that does not pay yet, with what product_qualified.toml weighs.
select
    entity_id,
    name,
    owner,
    status,
    plan,
    last_active_on,
    employees,
    users,
    case status when 'trial' then 1.0 when 'prospect' then 0.5 when 'churned' then 0.2 end as stage_fit,
    active_days_28d,
    active_users_28d,
    {{ days('last_active_on', as_of) }} as days_since,
    active_days_28d * exp(-{{ param.fade }} * {{ days('last_active_on', as_of) }}) as faded_days,
    active_users_28d * exp(-{{ param.fade }} * {{ days('last_active_on', as_of) }}) as faded_users,
    usage_trend,
    1 + usage_trend as usage_level,
    case
        when overdue_amount > 0 then 'ruled out: owes money that is late'
        when {{ days('last_active_on', as_of) }} >= {{ param.silent_days }} then 'ruled out: silent'
        when usage_trend <= {{ param.falling }} then 'ruled out: its use falls'
    end as ruled_out_by
from {{ model('accounts') }}
where coalesce(mrr, 0) = 0 and is_internal is not true and coalesce(status, '') not in ('customer', 'partner')
