#include "search/serve/server.hpp"

#include <gtest/gtest.h>
#include <httplib.h>

#include <nlohmann/json.hpp>
#include <thread>

#include "architecture/base/error.hpp"
#include "tests/search/scratch.hpp"

namespace gensynth::serve {
namespace {

nlohmann::json small_job() {
  nlohmann::json job = testing::untrained_job();
  job["space"]["max_stages"] = 3;
  job["budget"]["trials"] = 2;
  return job;
}

/// A server over a run of its own.
class ServerTest : public ::testing::Test {
 protected:
  explicit ServerTest(const std::string& token = "")
      : run_((testing::search(scratch_ / "run", small_job()), scratch_ / "run")),
        report_({run_}, {1, 0, false, 4}, "gensynth test"),
        server_({"127.0.0.1", 0, token}, report_),
        thread_([this] { server_.listen(); }),
        client_("127.0.0.1", server_.access().port) {
    client_.set_connection_timeout(10);
  }
  ~ServerTest() override {
    server_.stop();
    thread_.join();
  }

  testing::Scratch scratch_;
  std::string run_;
  LiveReport report_;
  Server server_;
  std::thread thread_;
  httplib::Client client_;
};

TEST_F(ServerTest, ServesThePageAndItsData) {
  const auto page = client_.Get("/");
  ASSERT_TRUE(page);
  EXPECT_EQ(page->status, 200);
  EXPECT_NE(page->body.find("gensynth.live"), std::string::npos);
  EXPECT_NE(page->body.find("connect-src 'self'"), std::string::npos);
  const auto data = client_.Get("/report.json");
  ASSERT_TRUE(data);
  const nlohmann::json document = nlohmann::json::parse(data->body);
  EXPECT_EQ(document["format"], "gensynth.report");
  EXPECT_EQ(document["runs"][0]["counts"]["scored"], 2);
}

TEST_F(ServerTest, OnlyReads) {
  EXPECT_EQ(client_.Post("/report.json", "x", "text/plain")->status, 405);
  EXPECT_EQ(client_.Delete("/")->status, 405);
  EXPECT_EQ(client_.Get("/run.db")->status, 404);
  EXPECT_EQ(client_.Get("/../run.db")->status, 404);
}

TEST_F(ServerTest, RefusesOtherHostsAndOrigins) {
  EXPECT_EQ(client_.Get("/", {{"Host", "attacker.example"}})->status, 403);
  EXPECT_EQ(client_.Get("/report.json", {{"Origin", "http://attacker.example"}})->status, 403);
}

TEST_F(ServerTest, AnnouncesWhatItHas) {
  std::string heard;
  (void)client_.Get("/events", [&](const char* data, std::size_t size) {
    heard.append(data, size);
    return heard.find("\n\n") == std::string::npos;
  });
  EXPECT_EQ(heard, "data: changed\n\n");
}

TEST_F(ServerTest, NamesAPortThatIsTaken) {
  EXPECT_THROW(Server({"127.0.0.1", server_.access().port, ""}, report_), Error);
}

class TokenServerTest : public ServerTest {
 protected:
  TokenServerTest() : ServerTest("0123456789abcdef") {}
};

TEST_F(TokenServerTest, AsksForTheTokenAndKeepsItInACookie) {
  EXPECT_EQ(client_.Get("/")->status, 403);
  const auto first = client_.Get("/?token=0123456789abcdef");
  ASSERT_TRUE(first);
  EXPECT_EQ(first->status, 302) << "so that the token does not stay in the address";
  const std::string cookie = first->get_header_value("Set-Cookie");
  EXPECT_NE(cookie.find("HttpOnly; SameSite=Strict"), std::string::npos);
  EXPECT_EQ(client_.Get("/report.json", {{"Cookie", "a=b; gensynth_token=0123456789abcdef"}})->status, 200);
  EXPECT_EQ(client_.Get("/report.json", {{"Cookie", "gensynth_token=0123456789abcdee"}})->status, 403);
}

TEST(LiveReport, ChangesItsVersionWithTheRun) {
  const testing::Scratch scratch;
  (void)testing::search(scratch / "run", small_job());
  LiveReport report({scratch / "run"}, {1, 0, false, 4}, "gensynth test");
  const std::string before = report.version();
  EXPECT_EQ(report.version(), before);
  {
    run::Run run = run::Run::open(scratch / "run", run::RunMode::resume);
    run.raise_trials(5);
    (void)loop::run_search(run, {}, {});
  }
  std::this_thread::sleep_for(LiveReport::kLook);
  EXPECT_NE(report.version(), before);
  EXPECT_EQ(nlohmann::json::parse(*report.document())["runs"][0]["counts"]["scored"], 5);
  EXPECT_EQ(report.document(), report.document()) << "made once for all who ask";
}

TEST(LiveReport, NamesARunThatIsMissing) {
  const testing::Scratch scratch;
  EXPECT_THROW(LiveReport({scratch / "nowhere"}, {}, "gensynth test"), Error);
}

}  // namespace
}  // namespace gensynth::serve
