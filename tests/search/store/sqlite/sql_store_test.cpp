// Tests of SQLite beyond the contract of stores (conformance.hpp): files and processes.
#include "search/store/sqlite/sql_store.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <set>

#include "architecture/base/error.hpp"
#include "architecture/base/temporary_folder.hpp"
#include "tests/search/store/store_fixture.hpp"

namespace gensynth::store::sqlite {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::ThrowsMessage;

class SqlStoreTest : public ::testing::Test {
 protected:
  TemporaryFolder folder{"store"};
  std::string path = folder.file("run.db");
  std::unique_ptr<Store> store = create_store(path);
};

TEST_F(SqlStoreTest, RefusesWhatIsNoRun) {
  EXPECT_THAT([&] { (void)create_store(path); }, ThrowsMessage<Error>(HasSubstr("exists")));
  EXPECT_THAT([&] { (void)open_store(folder.file("none.db")); }, ThrowsMessage<Error>(HasSubstr("none.db")));
  std::ofstream(folder.file("text.db")) << std::string(5000, 'x');
  EXPECT_THROW((void)open_store(folder.file("text.db")), Error);
  EXPECT_THAT([&] { (void)open_store("memory:"); }, ThrowsMessage<Error>(HasSubstr("no run database")));
}

TEST_F(SqlStoreTest, RefusesARunOfAnotherSchemaAndNamesBothVersions) {
  store->set_values({{"schema", "2"}});
  for (const bool read_only : {false, true}) {
    EXPECT_THAT([&] { (void)open_store(path, read_only); },
                ThrowsMessage<Error>(AllOf(HasSubstr("version 2"), HasSubstr("needs version 3"))));
  }
}

TEST_F(SqlStoreTest, IsInPlaceOnlyWhenWhole) {
  const std::string fresh = folder.file("fresh.db");
  std::ofstream(fresh + ".new") << "left behind by a process that was killed";
  std::ofstream(fresh + ".new-journal") << "and its journal";
  const auto made = create_store(fresh);
  EXPECT_EQ(made->last_trial(), 0);
  made->add({queued_trial(1)}, {});
  EXPECT_EQ(open_store(fresh, true)->last_trial(), 1);
  EXPECT_FALSE(std::filesystem::exists(fresh + ".new"));
  EXPECT_FALSE(std::filesystem::exists(fresh + ".new-journal"));
}

TEST_F(SqlStoreTest, TwoProcessesClaimEachTrialExactlyOnce) {
  std::vector<trial::Trial> trials;
  for (std::int64_t i = 1; i <= 200; ++i) trials.push_back(queued_trial(i));
  store->add(trials, {});
  store.reset();
  std::vector<pid_t> children;
  for (const char* name : {"a", "b"}) {
    const pid_t child = ::fork();
    if (child == 0) {
      int code = 1;
      try {
        const auto own = open_store(path);
        while (std::optional<trial::Trial> trial = own->claim(name, 60)) {
          trial->state = trial::TrialState::scored;
          if (!own->finish(*trial)) ::_exit(2);
        }
        code = 0;
      } catch (const std::exception&) {
      }
      ::_exit(code);
    }
    children.push_back(child);
  }
  for (const pid_t child : children) {
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_EQ(status, 0);
  }
  const auto reader = open_store(path, true);
  std::multiset<std::int64_t> claimed;
  for (const trial::Event& e : reader->events()) {
    if (e.kind == trial::EventKind::claimed) claimed.insert(e.trial);
  }
  EXPECT_EQ(claimed.size(), 200u);
  EXPECT_EQ((std::set<std::int64_t>(claimed.begin(), claimed.end())).size(), 200u);
  EXPECT_EQ(reader->counts().at(trial::TrialState::scored), 200);
}

}  // namespace
}  // namespace gensynth::store::sqlite
