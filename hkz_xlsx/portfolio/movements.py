"""Measurements of one organisation one after another, as a question to the tables."""

MOVEMENTS = """with counting as (
    select f.file_id, f.organisation_id, f.edition_set, f.round, f.reference_date,
    lag(f.file_id) over same as before, lag(f.round) over same as round_before, lag(f.reference_date) over same as day_before
    from files f where f.counts and f.round is not null
    window same as (partition by f.organisation_id, f.edition_set order by f.reference_date, f.file_id))
select c.organisation_id, s.edition, s.level, s.key, c.before as file_from, c.file_id as file_to,
    c.round_before as round_from, c.round as round_to, c.day_before as date_from, c.reference_date as date_to,
    p.score as score_from, s.score as score_to, p.substantiated as substantiated_from, s.substantiated as substantiated_to
from counting c join scores s on s.file_id = c.file_id
join scores p on p.file_id = c.before and (p.edition, p.level, p.key) = (s.edition, s.level, s.key)
where c.before is not null and s.outcome = 'number' and p.outcome = 'number'"""
"""Every two following measurements of one organisation with the same editions, per score."""
