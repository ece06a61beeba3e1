package dev.imagerelay.adapters.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.imagerelay.domain.relay.UpstreamFailure;
import java.io.IOException;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is said of the operator's own account is told from what is said of a request. */
class OwnTroubleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', nullValues = "none", value = {
        "{'type':'insufficient_quota','code':null}|QUOTA_EXHAUSTED",
        "{'type':'insufficient_quota'}|QUOTA_EXHAUSTED",
        "{'type':'insufficient_quota','code':'rate_limit_exceeded'}|QUOTA_EXHAUSTED",
        "{'code':'insufficient_quota'}|QUOTA_EXHAUSTED",
        "{'type':'insufficient_quota','code':'credit_balance_exhausted'}|QUOTA_EXHAUSTED",
        "{'type':'invalid_request_error','code':'billing_hard_limit_reached'}|QUOTA_EXHAUSTED",
        "{'code':'project_spend_limit_exceeded'}|QUOTA_EXHAUSTED",
        "{'code':'organization_spend_limit_exceeded'}|QUOTA_EXHAUSTED",
        "{'code':'organization_usage_limit_exceeded'}|QUOTA_EXHAUSTED",
        "{'type':'invalid_request_error','code':'invalid_api_key'}|CREDENTIAL_REFUSED",
        "{'type':'invalid_request_error','code':'account_deactivated'}|CREDENTIAL_REFUSED",
        "{'type':'requests','code':'rate_limit_exceeded'}|BUSY",
        "{'type':'rate_limit_error','code':'slow_down'}|BUSY",
        "{'type':'service_unavailable_error','code':'server_is_overloaded'}|BUSY",
        "{'type':'image_generation_user_error','code':'moderation_blocked'}|none",
        "{'type':'image_generation_server_error','code':'image_generation_failed'}|none",
        "{'type':'invalid_request_error','code':'invalid_value','param':'size'}|none",
        "{'message':'insufficient_quota'}|none",
        "{'code':'x insufficient_quota'}|none",
        "{'code':'_spend_limit_exceeded'}|none",
        "{'code':429}|none",
        "{'code':null,'type':null}|none",
        "{'code':{'code':'invalid_api_key'}}|none",
        "{}|none",
        "null|none",
        "'insufficient_quota'|none",
        "['insufficient_quota']|none"
    })
    void isToldByTypeAndCode(String error, UpstreamFailure failure) throws IOException {
        JsonNode json = new ObjectMapper().readTree(error.replace('\'', '"'));
        assertEquals(Optional.ofNullable(failure), OwnTrouble.in(json));
    }

    @Test
    void whereThereIsNoErrorThereIsNone() {
        assertEquals(Optional.empty(), OwnTrouble.in(MissingNode.getInstance()));
    }
}
