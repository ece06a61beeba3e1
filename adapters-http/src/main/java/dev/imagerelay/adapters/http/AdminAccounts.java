package dev.imagerelay.adapters.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagerelay.application.port.in.AdministerAccounts.GrantOrder;
import dev.imagerelay.application.port.in.AdministerAccounts.IssuedKey;
import dev.imagerelay.application.port.in.AdministerAccounts;
import dev.imagerelay.application.port.in.OverseeBusiness;
import dev.imagerelay.domain.account.Account;
import dev.imagerelay.domain.account.AccountId;
import dev.imagerelay.domain.account.AccountState;
import dev.imagerelay.domain.account.KeyScope;
import dev.imagerelay.domain.account.Limits;
import dev.imagerelay.domain.image.ModelId;
import dev.imagerelay.domain.ledger.Balance;
import dev.imagerelay.domain.ledger.Grant;
import dev.imagerelay.domain.ledger.GrantSource;
import dev.imagerelay.domain.ledger.LedgerEntry.Note;
import dev.imagerelay.domain.ledger.Posting;
import dev.imagerelay.domain.ledger.Statement;
import dev.imagerelay.domain.pricing.Credits;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;

/** Accounts, their keys and their credits. */
final class AdminAccounts {

    private static final int MOST_IDS = 100;
    private static final Balance NOTHING = new Balance(Credits.ZERO, Credits.ZERO);
    private static final int LONGEST_OVERLAP = 30 * 24 * 3600;

    private final BodyReader bodies;
    private final AdministerAccounts office;
    private final OverseeBusiness business;

    AdminAccounts(BodyReader bodies, AdministerAccounts office, OverseeBusiness business) {
        this.bodies = bodies;
        this.office = office;
        this.business = business;
    }

    // Accounts

    Answer list(Context ctx, String who) {
        Asked asked = new Asked(ctx);
        int limit = asked.limit();
        Optional<String> named = asked.text("name");
        Optional<List<AccountId>> ids =
                asked.as("id", "up to " + MOST_IDS + " ids of accounts, with commas in between", AdminAccounts::ids);
        Optional<AccountId> after = asked.as("after", "an account's id", AccountId::new);
        Supplier<List<Account>> found =
                () -> ids.map(this::find).orElseGet(() -> business.accounts(named, after, limit));
        return asked.read(found).answer(accounts -> {
            Map<AccountId, Balance> balances = business.balances(accounts.stream().map(Account::id).toList());
            return JsonAnswer.ok(AdminJson.page(
                    accounts,
                    account -> AdminJson.account(account)
                            .set("credits", AdminJson.balance(balances.getOrDefault(account.id(), NOTHING))),
                    ids.isPresent() ? Optional.empty() : AdminJson.next(accounts, limit, Account::id)));
        });
    }

    private static List<AccountId> ids(String commaSeparated) {
        List<AccountId> ids = Arrays.stream(commaSeparated.split(",")).map(AccountId::new).distinct().toList();
        if (ids.size() > MOST_IDS) {
            throw new IllegalArgumentException("too many");
        }
        return ids;
    }

    /** Those of them that there are. */
    private List<Account> find(List<AccountId> ids) {
        return ids.stream().flatMap(id -> business.account(id).stream()).toList();
    }

    Answer open(Context ctx, String who) {
        return form(ctx)
                .then(form -> {
                    String name = form.required("name", form.text("name"), "");
                    return form.read(() -> office.by(who).open(name));
                })
                .answer(account -> new JsonAnswer(201, AdminJson.account(account)));
    }

    Answer one(Context ctx, String who) {
        return account(ctx).answer(account -> {
            OverseeBusiness.Holdings holdings = business.holdings(account.id());
            ObjectNode json = AdminJson.account(account);
            json.set("credits", AdminJson.balance(holdings.totals().balance())
                    .put("granted", holdings.totals().granted().decimal())
                    .put("spent", holdings.totals().spent().decimal())
                    .put("expired", holdings.totals().expired().decimal()));
            json.set("grants", JsonAnswer.array(holdings.grants(), AdminJson::grant));
            return JsonAnswer.ok(json);
        });
    }

    /** Changes what is sent, and leaves the rest; {@code null} takes a limit away, or all of them. */
    Answer change(Context ctx, String who) {
        return account(ctx).then(account -> form(ctx).then(form -> {
            Optional<AccountState> state = form.oneOf("state", AccountState.class);
            UnaryOperator<Limits> limits = limits(form);
            return form.read(() -> office.by(who).change(account.id(), state, limits).orElseThrow());
        })).answer(account -> JsonAnswer.ok(AdminJson.account(account)));
    }

    private static UnaryOperator<Limits> limits(Form form) {
        Optional<Form> sent = form.object("limits");
        if (sent.isEmpty()) {
            return form.has("limits") ? before -> Limits.NONE : before -> before;
        }
        Form limits = sent.get();
        Change<Integer> requests = new Change<>(limits, "requests_per_minute", name -> limits.number(name, 1, 1_000_000));
        Change<Integer> images = new Change<>(limits, "images_per_minute", name -> limits.number(name, 1, 10_000_000));
        Change<Integer> atOnce = new Change<>(limits, "requests_at_once", name -> limits.number(name, 1, 1_000_000));
        Change<Credits> daily = new Change<>(limits, "credits_per_day", limits::credits);
        return before -> new Limits(
                requests.of(before.requestsPerMinute()), images.of(before.imagesPerMinute()),
                atOnce.of(before.requestsAtOnce()), daily.of(before.creditsPerDay()));
    }

    /** What was sent for a member, if anything was: {@code null} is something. */
    private record Change<T>(boolean isSent, Optional<T> value) {

        Change(Form form, String name, Function<String, Optional<T>> reader) {
            this(form.has(name), reader.apply(name));
        }

        Optional<T> of(Optional<T> before) {
            return isSent ? value : before;
        }
    }

    // Keys

    Answer keys(Context ctx, String who) {
        return account(ctx).answer(account -> JsonAnswer.ok(AdminJson.page(
                business.keys(account.id()), AdminJson::key)));
    }

    Answer issueKey(Context ctx, String who) {
        return account(ctx).then(account -> form(ctx).then(form -> {
            String name = form.text("name").orElse("");
            UnaryOperator<KeyScope> scope = scope(form);
            return form.read(() -> office.by(who)
                    .issueKey(account.id(), name, scope.apply(KeyScope.ANYTHING))
                    .orElseThrow());
        })).answer(AdminAccounts::issued);
    }

    private static UnaryOperator<KeyScope> scope(Form form) {
        Optional<Form> sent = form.object("scope");
        if (sent.isEmpty()) {
            return before -> before;
        }
        Form scope = sent.get();
        boolean namesModels = scope.has("models");
        Set<ModelId> models = scope.each("models", "names of models", ModelId::read);
        UnaryOperator<Limits> limits = limits(scope);
        Change<Credits> credits = new Change<>(scope, "credits", scope::credits);
        Change<Instant> expiresAt = new Change<>(scope, "expires_at", scope::time);
        return before -> new KeyScope(
                namesModels ? models : before.models(), limits.apply(before.limits()),
                credits.of(before.credits()), expiresAt.of(before.expiresAt()));
    }

    /** The only answer in which the secret is. */
    private static Answer issued(IssuedKey issued) {
        return new JsonAnswer(201, AdminJson.key(issued.key()).put("secret", issued.secret().reveal()));
    }

    Answer key(Context ctx, String who) {
        return business.key(ctx.pathParam("prefix"))
                .<Answer>map(key -> JsonAnswer.ok(AdminJson.key(key)))
                .orElseGet(() -> Problem.notFound("key " + ApiError.quoted(ctx.pathParam("prefix"))));
    }

    /** Changes what is sent, and leaves the rest; {@code null} takes a restriction away. */
    Answer changeKey(Context ctx, String who) {
        return form(ctx).then(form -> {
            UnaryOperator<KeyScope> scope = scope(form);
            return form.read(() -> office.by(who).changeKey(ctx.pathParam("prefix"), scope));
        }).answer(changed -> changed
                .<Answer>map(key -> JsonAnswer.ok(AdminJson.key(key)))
                .orElseGet(() -> noKey(ctx)));
    }

    Answer rollKey(Context ctx, String who) {
        return form(ctx).then(form -> {
            int overlap = form.number("overlap_seconds", 0, LONGEST_OVERLAP).orElse(0);
            return form.read(() -> office.by(who).rollKey(ctx.pathParam("prefix"), Duration.ofSeconds(overlap)));
        }).answer(issued -> issued.map(AdminAccounts::issued).orElseGet(() -> noKey(ctx)));
    }

    Answer revokeKey(Context ctx, String who) {
        return form(ctx)
                .then(form -> form.read(() -> office.by(who).revokeKey(ctx.pathParam("prefix"))))
                .answer(revoked -> revoked ? key(ctx, who) : noKey(ctx));
    }

    private static Answer noKey(Context ctx) {
        return Problem.notFound("working key " + ApiError.quoted(ctx.pathParam("prefix")));
    }

    // Credits

    Answer grant(Context ctx, String who) {
        return account(ctx).then(account -> form(ctx).then(form -> {
            Credits amount = form.required("amount", form.credits("amount"), Credits.ZERO);
            GrantSource source = form.oneOf("source", GrantSource.class).orElse(GrantSource.PURCHASED);
            int priority = form.number("priority", 0, 100).orElse(Grant.USUAL_PRIORITY);
            Optional<Instant> expiresAt = form.time("expires_at");
            Optional<String> externalId = form.text("external_id");
            return form.read(() -> office.by(who).grant(
                    account.id(), new GrantOrder(amount, source, priority, expiresAt, externalId)));
        })).answer(posting -> posted(posting, 201));
    }

    /** An amount is either added or taken away. */
    Answer adjust(Context ctx, String who) {
        return account(ctx).then(account -> form(ctx).then(form -> {
            Optional<Credits> up = form.credits("add");
            Optional<Credits> down = form.credits("take");
            String reason = form.required("reason", form.text("reason"), "-");
            return form.read(() -> {
                if (up.isPresent() == down.isPresent()) {
                    throw new IllegalArgumentException("an adjustment is either to 'add' or to 'take' credits");
                }
                Note note = new Note(who, reason);
                return up.isPresent()
                        ? office.by(who).adjustUp(account.id(), up.get(), note)
                        : office.by(who).adjustDown(account.id(), down.get(), note);
            });
        })).answer(posting -> posted(posting, 201));
    }

    /** What came of moving credits by hand. */
    static Answer posted(Posting posting, int status) {
        if (posting instanceof Posting.Posted posted) {
            ObjectNode json = AdminJson.balance(posted.balance());
            json.set("grants", JsonAnswer.array(posted.grants(), AdminJson::grant));
            return new JsonAnswer(status, json.put("changed", !posted.entries().isEmpty()));
        }
        if (posting instanceof Posting.Insufficient few) {
            return new Problem(409, "Available are " + few.balance().available() + " credits, and "
                    + few.balance().held() + " are held: " + few.needed() + " cannot be taken.");
        }
        return posting instanceof Posting.Contradicted contradicted
                ? new Problem(409, "Nothing was changed: " + contradicted.why() + ".")
                : new Problem(409, "Nothing was changed.");
    }

    Answer entries(Context ctx, String who) {
        return account(ctx).then(account -> {
            Asked asked = new Asked(ctx);
            int limit = asked.limit();
            OptionalLong below = asked.below();
            return asked.read(() -> business.entries(account.id(), below, limit));
        }).answer(statement -> {
            List<Statement.Line> lines = statement.lines();
            return JsonAnswer.ok(AdminJson.page(lines, CreditsHandler::json, statement.more()
                    ? Optional.of(String.valueOf(lines.get(lines.size() - 1).number()))
                    : Optional.empty()));
        });
    }

    private Reading<Account> account(Context ctx) {
        String asked = ctx.pathParam("account");
        return AccountId.read(asked)
                .flatMap(business::account)
                .map(Reading::read)
                .orElseGet(() -> Reading.refused(Problem.notFound("account " + ApiError.quoted(asked))));
    }

    private Reading<Form> form(Context ctx) {
        return bodies.readAny(ctx.req()).then(Form::of);
    }
}
