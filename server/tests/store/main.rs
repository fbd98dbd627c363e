//! What the trait `Store` promises, checked on every store. A check is written once, over a [`Database`]; the table below
//! makes a test of it for each.
//!
//! The tests on PostgreSQL need a server: `cargo xtask test` starts one and names it in `LIANXIN_POSTGRES`.

// What a test's helpers unwrap fails the test, as it should.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod accounts;
mod chain;
mod channels;
mod commits;
mod contents;
mod copy;
mod crowd;
mod database;
mod devices;
mod dump;
mod erasure;
mod lives;
mod make;
mod nodes;
mod orders;
mod records;
mod related;
mod schema;
mod second;
mod watch;

use database::Database;

macro_rules! on {
    ($store:ident, $database:ty, $($idea:ident { $($check:ident)+ })+) => {
        mod $store {
            $(mod $idea {
                use crate::database::Database as _;

                $(#[tokio::test(flavor = "multi_thread")]
                async fn $check() {
                    crate::$idea::$check(&<$database>::new().await).await;
                })+
            })+
        }
    };
}

macro_rules! on_every_store {
    ($($table:tt)+) => {
        on!(sqlite, crate::database::Sqlite, $($table)+);
        on!(postgres, crate::database::Postgres, $($table)+);
    };
}

on_every_store! {
    lives {
        a_life_lasts_and_a_new_one_keeps_the_key
        what_was_answered_is_there_after_reopening
        a_database_is_looked_at_while_it_is_open
        the_last_backup_is_noted
    }
    commits {
        a_write_is_stored_whole
        a_write_on_a_moved_base_is_stale_and_the_others_go_in
        an_actor_of_somebody_else_makes_a_write_stale
        writes_of_one_batch_build_on_each_other
        nothing_of_a_stale_write_is_left
        a_snapshot_takes_the_place_of_changes
        a_new_document_may_come_as_one_piece
        what_was_refused_is_kept_once
    }
    channels {
        sequences_have_no_gaps
        a_document_enters_grows_leaves_and_returns
        steps_are_bounded_and_compaction_raises_the_floor
        moves_come_in_order_with_all_entries
        states_name_each_present_document_once
        a_fingerprint_is_of_what_is_present
        every_step_of_a_channel_counts
        an_older_database_gets_its_fingerprints
    }
    contents {
        contents_start_where_they_are_asked_to
        a_budget_holds_but_for_the_first
        an_unknown_document_is_nothing
    }
    records {
        pages_go_from_the_latest_to_the_first
        a_page_stays_where_it_is_while_records_come_in
        a_row_reads_back_and_is_replaced
        every_filter_filters
        words_are_found_by_their_beginning
        counts_agree_with_the_list
        signs_that_no_database_likes_do_no_harm
    }
    orders {
        hits_in_titles_come_first
        what_is_due_comes_first
    }
    watch {
        each_count_is_that_of_its_list
        waits_are_of_what_was_answered_in_the_time
    }
    related {
        links_are_followed_both_ways
        a_file_is_named_as_long_as_a_record_names_it
        a_figure_is_the_sum_of_records_and_a_user_is_one_person
        numbers_have_no_gaps_and_stay
        a_receipt_is_found_by_its_code
        rows_are_made_anew_in_their_places
        sketches_and_rows_are_fetched_by_what_is_asked
        an_older_database_keeps_what_records_say
    }
    accounts {
        an_account_reads_back_and_its_name_is_taken
        a_session_lives_until_its_end
        an_account_is_changed_with_a_note_and_its_sessions_end
        what_was_withdrawn_is_told_once
        one_device_is_withdrawn_and_the_others_stay
        a_code_is_spent_once_and_ends
        a_principal_is_amended_only_as_it_was_seen
    }
    devices {
        a_key_goes_with_its_session_and_its_account
    }
    chain {
        acts_are_a_chain_that_a_copy_has_too
        acts_of_many_at_once_are_one_chain
        an_act_is_neither_changed_nor_taken_out
        an_older_database_gets_its_chain
    }
    second {
        a_proof_is_used_up_once
    }
    crowd {
        one_writer_wins_each_base
        one_writer_makes_a_new_document_or_binds_a_new_actor
        writers_in_shared_channels_never_block_each_other
        a_reader_that_follows_moves_sees_every_document
    }
    erasure {
        an_erased_document_is_gone_and_stays_away
        whoever_held_an_erased_document_hears_of_it
        what_an_erased_record_named_and_counted_for_is_forgotten
        what_administrators_did_is_listed
    }
    dump {
        what_is_dumped_fills_an_empty_store
        a_store_that_holds_something_is_not_filled
        a_page_that_is_an_error_leaves_nothing
    }
}
