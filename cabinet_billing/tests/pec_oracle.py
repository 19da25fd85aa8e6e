"""A second way to finance hours, to check the first: one minute after the other.

Written from REQUIREMENTS (PEC R1-R13) alone and sharing nothing with the engine: plain
dictionaries in, plain tuples out, and whole numbers instead of decimals. Money per hour is in
millionths, tariffs in cents, rates in hundredths of a percent (or cents, for fixed amounts).
"""

from collections import Counter, defaultdict, namedtuple
from datetime import date, timedelta, timezone

ONE_MINUTE = timedelta(minutes=1)
CENT = 10_000

# Why nobody pays, if several plans do not: the first of these.
NEAREST = (
    "cap_reached",
    "sunday_excluded",
    "cap_zero",
    "plan_ended",
    "plan_not_started",
    "plan_not_validated",
)

Minute = namedtuple("Minute", "session instant day_class tariff shares rule reason left")
Bill = namedtuple("Bill", "price payers client")


class Oracle:
    """Finances the sessions of one planning, see ``pec_random`` for what a planning holds."""

    def __init__(self, planning):
        self.planning = planning
        self.plans = sorted(
            planning["plans"], key=lambda plan: (plan["priority"], plan["start"], repr(plan["key"]))
        )
        self.used = Counter(planning["used"])
        self.sunday_used = Counter(planning["sunday_used"])
        self.warned = Counter()
        self.minutes = []
        self.windows, self.grants = {}, {}
        self.subjects = defaultdict(list)
        for plan in self.plans:
            self.subjects[plan["client"], plan["service"]].append(plan)

    def run(self):
        """Finance every minute in order; return self."""
        for _order, session, minutes in sorted(self._days(), key=lambda day: day[0]):
            for instant, day in minutes:
                self._finance(session, instant, day)
        return self

    def _days(self):
        """Yield the minutes of each session and local day, with what they are sorted by."""
        for session in self.planning["sessions"]:
            by_day = defaultdict(list)
            for number in range(session["minutes"]):
                instant = session["start"] + number * ONE_MINUTE
                day = self._local(instant, session["zone"]).date()
                by_day[day].append((instant, day))
            for minutes in by_day.values():
                order = minutes[0][0], minutes[-1][0], session["price"], repr(session["key"])
                yield order, session, minutes

    def _local(self, instant, zone):
        if not zone:
            return instant
        return instant.replace(tzinfo=timezone.utc).astimezone(zone)

    # --- one minute ------------------------------------------------------------------------------

    def _finance(self, session, instant, day):
        kind = self._kind(day)
        mine = self.subjects[session["client"], session["service"]]
        shares, refusals, tariff = self._ask(mine, session, day, kind)
        if tariff is None:
            tariff = session["price"] * CENT
        for share in shares:
            self._consume(share, day)
        self._warn(session, shares, refusals, tariff)
        rule, reason = self._explain(shares, refusals, tariff)
        paid = tuple((share["plan"]["key"], share["pays"]) for share in shares)
        left = tuple(
            (plan["key"], *self._left(plan, day))
            for plan in mine
            if plan["validated"] and self._in_force(plan, day)
        )
        self.minutes.append(Minute(session, instant, kind, tariff, paid, rule, reason, left))

    def _kind(self, day):
        if day in self.planning["holidays"] or day.isoweekday() == 7:
            return "sunday"
        return "saturday" if day.isoweekday() == 6 else "weekday"

    def _ask(self, plans, session, day, kind):
        """Ask the plans in turn until the price is paid; one version speaks for all of a plan."""
        shares, refusals, tariff, open_amount, heard = [], [], None, None, set()
        for plan in plans:
            if open_amount == 0:
                break
            if self._name(plan) in heard:
                continue
            why_not = self._why_not(plan, day, kind)
            if why_not:
                refusals.append((plan, *why_not))
                continue
            heard.add(self._name(plan))
            share = self._share(plan, session, day, kind)
            if tariff is None:
                tariff = open_amount = share["billed"]
            elif share["wants"] == 0:
                continue
            share["pays"] = min(share["wants"], open_amount)
            open_amount -= share["pays"]
            shares.append(share)
        refusals = [refusal for refusal in refusals if self._name(refusal[0]) not in heard]
        return shares, refusals, tariff

    def _in_force(self, plan, day):
        return plan["start"] <= day <= (plan["end"] or day)

    def _why_not(self, plan, day, kind):
        """R1, R3, R7: return the rule and the reason for which a plan pays nothing."""
        if not plan["validated"]:
            return "R1", "plan_not_validated"
        if not self._in_force(plan, day):
            return "R1", "plan_not_started" if day < plan["start"] else "plan_ended"
        if plan["majoration"] and kind == "sunday" and plan["sunday_cap"] == 0:
            return "R3", "sunday_excluded"
        if plan["cap"] == 0:
            return "R7", "cap_zero"
        if self._left(plan, day)[0] == 0:
            return "R7", "cap_reached"
        return None

    def _share(self, plan, session, day, kind):
        """R4, R5, R6, R8, R9: return what a plan that pays would bill and pay for an hour."""
        tariff, rate, rule, at_sunday, past = plan["base"], plan["rate"], "R2", False, False
        shown = None
        if kind == "sunday" and plan["majoration"]:
            dear = plan["base"] if plan["sunday"] is None else plan["sunday"]
            rule = "R4" if plan["sunday_cap"] is None else "R5"
            past = self._left(plan, day)[1] == 0
            if past:
                shown = dear if plan["keep"] else None
            else:
                tariff, rate, at_sunday = dear, plan["sunday_rate"] or rate, True
        else:
            rule = "R6" if kind == "sunday" else "R2"
            if day.isoweekday() == 6 and plan["saturday"] is not None:
                tariff = plan["saturday"]
        value, fixed = rate
        return {
            "plan": plan,
            "billed": CENT * self._billed(plan, session, tariff if shown is None else shown),
            "tariff": CENT * tariff,
            "wants": value * CENT if fixed else tariff * value,
            "rule": rule,
            "at_sunday": at_sunday,
            "past": past,
        }

    def _billed(self, plan, session, tariff):
        return session["price"] if plan["mode"] == "contract" else tariff

    # --- hours -----------------------------------------------------------------------------------

    def _window(self, plan, day):
        key = plan["key"], day
        if key not in self.windows:
            self.windows[key] = self._name(plan), plan["period"], self._first(plan, day)
        return self.windows[key]

    def _name(self, plan):
        return plan["counter"] or plan["key"]

    def _first(self, plan, day):
        if plan["period"] == "plan":
            return None
        if plan["period"] == "week":
            return day - timedelta(days=day.isoweekday() - 1)
        return date(day.year, day.month if plan["period"] == "month" else 1, 1)

    def _granted(self, plan, day, cap):
        """R12: a cap, in proportion of the plan's days in the period with that option."""
        if cap is None or not plan["prorate"] or plan["period"] == "plan":
            return cap
        first = self._first(plan, day)
        key = plan["key"], first, cap
        if key not in self.grants:
            days = [first + timedelta(days=number) for number in range(366)]
            days = [one for one in days if self._first(plan, one) == first]
            covered = [one for one in days if self._in_force(plan, one)]
            whole, rest = divmod(cap * len(covered), len(days))
            self.grants[key] = whole + (2 * rest >= len(days))
        return self.grants[key]

    def _left(self, plan, day):
        at = self._window(plan, day)
        caps = [self._granted(plan, day, plan["cap"])]
        caps.append(self._granted(plan, day, plan["sunday_cap"]) if plan["majoration"] else None)
        used = self.used[at], self.sunday_used[at]
        return tuple(
            None if cap is None else max(cap - gone, 0)
            for cap, gone in zip(caps, used, strict=True)
        )

    def _consume(self, share, day):
        at = self._window(share["plan"], day)
        self.used[at] += 1
        self.sunday_used[at] += share["at_sunday"]

    # --- words -----------------------------------------------------------------------------------

    def _warn(self, session, shares, refusals, tariff):
        for rank, share in enumerate(shares):
            subject = session["key"], share["plan"]["key"]
            self.warned[("plans_overlap", *subject)] += rank > 0
            self.warned[("share_above_price", *subject)] += rank == 0 and share["wants"] > tariff
            self.warned[("sunday_cap_passed", *subject)] += share["past"]
        for plan, _rule, why in refusals:
            self.warned["cap_passed", session["key"], plan["key"]] += why == "cap_reached"

    def _explain(self, shares, refusals, tariff):
        """Return the rule and (reason, plan)."""
        if not shares:
            for why in NEAREST:
                for plan, rule, refusal in refusals:
                    if refusal == why:
                        return rule, (why, plan["key"])
            return "R1", ("no_plan", None)
        client_pays = tariff - sum(share["pays"] for share in shares)
        if len(shares) > 1:
            return "R13", ("several_plans" if client_pays else "fully_funded", None)
        (share,) = shares
        return share["rule"], (self._one_reason(share, tariff, client_pays), share["plan"]["key"])

    def _one_reason(self, share, tariff, client_pays):
        contract = share["plan"]["mode"] == "contract"
        if share["wants"] > tariff:
            return "share_above_price"
        if not client_pays:
            return "fully_funded"
        if share["past"]:
            kept = share["plan"]["keep"] and not contract
            return "sunday_price_kept" if kept else "sunday_cap_reached"
        return "contract_price" if contract and share["tariff"] != tariff else "plan_share"

    # --- bill ------------------------------------------------------------------------------------

    def bills(self, step):
        """R11: return one bill for each kind of minutes, amounts in cents; ``step`` is in cents."""
        kinds = Counter(
            (
                minute.session["client"],
                minute.session["service"],
                minute.day_class,
                minute.tariff,
                minute.shares,
                minute.rule,
                minute.reason,
            )
            for minute in self.minutes
        )
        return {kind: self._bill(kind, length, step) for kind, length in kinds.items()}

    def _bill(self, kind, length, step):
        price = rest = self._rounded(kind[3] * length, step)
        payers = []
        for plan, pays in kind[4]:
            payers.append((plan, min(rest, self._rounded(pays * length, step))))
            rest -= payers[-1][1]
        return Bill(price, tuple(payers), rest)

    def _rounded(self, millionth_minutes, step):
        unit = 60 * CENT * step
        return (2 * millionth_minutes + unit) // (2 * unit) * step
