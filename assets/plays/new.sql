-- One row an account, with what NAME.toml weighs.
select
    entity_id,
    name,
    owner,
    {{ days('last_active_on', as_of) }} as days_silent,
    active_days_28d,
    {{ ratio('active_days_28d', param.usual_days) }} as share_of_usual
from {{ model('accounts') }}
where status = 'customer' and is_internal is not true
