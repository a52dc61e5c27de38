package io.vitj.model.hub;

import static io.vitj.model.hub.FakeHub.COMMIT;
import static io.vitj.model.hub.FakeHub.CONFIG;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import org.junit.jupiter.api.Test;

/** Tokens, and what a hub refuses. */
class PullAccessTest extends PullFixture {
  @Test
  void theTokenGoesToTheHubAndNowhereElse() throws IOException {
    hub.publish("org/name").require("hf_secret");
    environment.put("HF_TOKEN", "hf_secret");
    assertComplete(pull("org/name"));
    assertThat(hub.requests("hub ")).isNotEmpty().allMatch(r -> r.contains("Bearer hf_secret"));
    assertThat(hub.requests("storage ")).isNotEmpty().noneMatch(r -> r.contains("Bearer"));
  }

  @Test
  void aMirrorMayKnowLessThanWhereItRedirects() {
    environment.put("HF_TOKEN", "hf_secret");
    String elsewhere = hub.storage() + "/repos/" + COMMIT + '/' + CONFIG;
    hub.publish("org/name").next("HEAD " + CONFIG, FakeHub.status(308, "Location", elsewhere));
    assertComplete(pull("org/name"));
    assertThat(hub.requests("storage HEAD")).hasSize(1).noneMatch(r -> r.contains("Bearer"));
  }

  @Test
  void theTokenOfALoginServes() throws IOException {
    hub.publish("org/name").require("hf_secret");
    Files.createDirectories(cache.resolve("home"));
    Files.writeString(cache.resolve("home/token"), "hf_secret\n");
    assertComplete(pull("org/name"));
  }

  @Test
  void refusalsSayWhatToDo() throws IOException {
    hub.publish("org/name");
    assertRefused(
        "org/none", "org/none: " + hub.endpoint() + " has no such model", "HF_TOKEN", "401");
    assertRefused("org/name@v9", "org/name: has no revision 'v9'", "/org/name/tree/main", "404");
    hub.gate();
    assertRefused(
        "org/name", "org/name: is gated", hub.endpoint() + "/org/name", "HF_TOKEN", "403");
    environment.put("HF_TOKEN", "hf_mine");
    assertRefused("org/name", "is gated", "account of the token in HF_TOKEN");
    assertRefused("org/none", "no such model", "whether the token in HF_TOKEN may read it");
    hub.require("hf_other");
    assertRefused("org/name", "refuses the token in HF_TOKEN", "/settings/tokens");
    environment.remove("HF_TOKEN");
    assertRefused("org/name", "has no such model; check the name, or set HF_TOKEN");
    assertThat(partials()).isEmpty();
  }

  @Test
  void rightsOfATokenAreNamed() {
    environment.put("HF_TOKEN", "hf_mine");
    hub.publish("org/name")
        .next("list", FakeHub.status(403, "X-Error-Message", "needs\tright"))
        .next(
            "list", FakeHub.status(403, "X-Error-Message", "Access to this resource is disabled."))
        .next("list", FakeHub.status(418))
        .next("HEAD " + CONFIG, FakeHub.status(404, "X-Error-Code", "EntryNotFound"));
    assertRefused("org/name", "the token in HF_TOKEN may not read it", "HTTP 403: needs");
    assertRefused("org/name", "is disabled on " + hub.endpoint());
    assertRefused("org/name", "cannot be fetched (HTTP 418)");
    assertRefused("org/name", "has no file config.json");
  }
}
