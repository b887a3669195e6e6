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

TEST_F(SqlStoreTest, ErrorsCarryTheReasonOfTheDatabase) {
  std::ofstream(folder.file("text.db")) << std::string(5000, 'x');
  for (const bool read_only : {false, true}) {
    EXPECT_THAT([&] { (void)open_store(folder.file("text.db"), read_only); },
                ThrowsMessage<Error>(AllOf(HasSubstr("text.db"), HasSubstr("not a database"))));
  }
  std::ofstream(folder.file("empty.db"));
  EXPECT_THAT([&] { (void)open_store(folder.file("empty.db"), true); },
              ThrowsMessage<Error>(HasSubstr("no such table")));
}

/// The exit code of `body`, run as a user who owns nothing.
template <class Body>
int as_nobody(Body body) {
  const pid_t child = ::fork();
  if (child == 0) {
    constexpr uid_t kNobody = 65534;
    if (::geteuid() == 0 && (::setgid(kNobody) != 0 || ::setuid(kNobody) != 0)) ::_exit(99);
    try {
      body();
      ::_exit(0);
    } catch (const Error& error) {
      ::_exit(std::string(error.what()).find("run.db-wal") != std::string::npos ? 2 : 1);
    }
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

TEST_F(SqlStoreTest, AReaderNeedsNoRightToWrite) {
  namespace fs = std::filesystem;
  const fs::path place = fs::path(path).parent_path();
  const auto allow = [&](fs::perms file, fs::perms around) {
    for (const auto& each : fs::directory_iterator(place)) fs::permissions(each.path(), file);
    fs::permissions(place, around);
  };
  const auto all = fs::perms::owner_all | fs::perms::group_all | fs::perms::others_all;
  const auto read = fs::perms::owner_read | fs::perms::group_read | fs::perms::others_read;
  const auto enter = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  store->add({queued_trial(1)}, {});
  const auto look = [&] {
    if (open_store(path, true)->last_trial() != 1) ::_exit(3);
  };
  // While the search of another user works on it, its newest trials lie in the log.
  allow(read | fs::perms::owner_write, read | enter);
  EXPECT_EQ(as_nobody(look), 0);
  // Copied so, without the index of the log: saying so is better than an old state.
  const std::string copy = folder.file("copy.db");
  fs::permissions(place, all);
  fs::copy_file(path, copy);
  fs::copy_file(path + "-wal", copy + "-wal");
  allow(read | fs::perms::owner_write, read | enter);
  EXPECT_EQ(as_nobody([&] { (void)open_store(copy, true); }), 2);
  // At rest, on read-only media: a name that a URI would misread.
  store.reset();
  fs::permissions(place, all);
  const std::string odd = folder.file("a%41?b#c d.db");
  fs::rename(path, odd);
  path = odd;
  allow(read, read | enter);
  EXPECT_EQ(as_nobody(look), 0);
  allow(read | fs::perms::owner_write, all);
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
