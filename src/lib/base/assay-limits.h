/* SPDX-FileCopyrightText: The Assay authors
 * SPDX-License-Identifier: GPL-3.0-or-later */

#pragma once

#include <glib.h>

/* Every bound that Assay applies stands here, each with its reason.  A bound
 * that a reader has to look for elsewhere is a bound that nobody tests. */

/* What is given */
#define ASSAY_LIMIT_FILE_BYTES (64u * 1024 * 1024)   /* one picture; no service found takes more, and a phone's largest photo is a third of it */
#define ASSAY_LIMIT_MEMORY_PAYLOAD (4u * 1024 * 1024) /* up to here a file is read once and held while it flies; above, it is streamed from disk */
#define ASSAY_LIMIT_PIXELS (100u * 1000 * 1000)      /* decoding more than 100 megapixels (400 MB as RGBA) for a preview would hurt the desktop */
#define ASSAY_LIMIT_SIDE 30000                       /* a longer side overflows the arithmetic of old decoders */
#define ASSAY_LIMIT_WALK_DEPTH 64                    /* folders inside folders; deeper is a loop or an attack */
#define ASSAY_LIMIT_WALK_BATCH 256                   /* items handed to the window at once: one items-changed each */
#define ASSAY_LIMIT_LEFT_OUT 1000                    /* names kept for the list of left-out files; more are only counted */
#define ASSAY_LIMIT_PROBE_HEAD 4096                  /* first bytes looked at while walking; every signature fits in 512 */
#define ASSAY_LIMIT_CHUNKS (1u << 20)                /* segments, chunks or blocks of one picture; more only burns time */

/* What an archive gives */
#define ASSAY_LIMIT_ARCHIVE_BYTES (G_GUINT64_CONSTANT (64) << 30) /* unpacked, of one archive: 10,000 photos of a good camera; more is given in parts */
#define ASSAY_LIMIT_ARCHIVE_RATIO 200                /* unpacked bytes for each byte of the archive: photos hardly shrink, drawings of one color shrink to a hundredth, bombs to a thousandth and less */
#define ASSAY_LIMIT_ARCHIVE_SLACK (256u * 1024 * 1024) /* unpacked before the ratio counts: a small archive may hold four blank pictures of the largest size */
#define ASSAY_LIMIT_ARCHIVE_MEMBERS (1000u * 1000)   /* members of one archive, twenty times the largest set of photos tried; more only burns time */
#define ASSAY_LIMIT_PARCEL_MEMBERS 10000             /* pictures of an archive that is sent as it is: one answer holds them all, and within its bound each has 800 bytes */
#define ASSAY_LIMIT_MEMBER_NAME_BYTES 4096           /* of a member's name: the longest path that Linux takes */
#define ASSAY_LIMIT_ARCHIVE_BLOCK (64u * 1024)       /* read from an archive at once: unpacks to 66 MB at worst before the bounds are looked at again */
#define ASSAY_LIMIT_SPOOL_BYTES (G_GUINT64_CONSTANT (4) << 30) /* members kept on disk for previews and retries; what doesn't fit is unpacked again */

/* What a person pastes */
#define ASSAY_LIMIT_SERVICE_KEY_BYTES (256u * 1024)  /* a pasted service key; a VCAP_SERVICES of many services has tens of KB */

/* What is dropped as an address */
#define ASSAY_LIMIT_ADDRESS_BYTES (8u * 1024)        /* one address: servers take 8 KiB, browsers show 2 */
#define ASSAY_LIMIT_ADDRESSES 100                    /* of one drop; more are no longer pictures that somebody picked one by one */
#define ASSAY_LIMIT_OFFER_BYTES (64u * 1024 * 1024)  /* names in a drop or on the clipboard: 50,000 long ones take 15 MB, a photo written out in its address takes 10 */
#define ASSAY_LIMIT_DOWNLOADS 4                      /* pictures fetched at once: what browsers allow themselves for one host is 6 */
#define ASSAY_LIMIT_DOWNLOAD_SECONDS 300             /* for one whole picture: the largest needs 220 KB/s */
#define ASSAY_LIMIT_DOWNLOAD_IDLE_SECONDS 30         /* in which nothing comes; a slow server thinks for a few */
#define ASSAY_LIMIT_REDIRECTS 5                      /* from one address to the next: picture hosts use one or two */

/* What goes out */
#define ASSAY_LIMIT_NAME_BYTES 255                   /* of a file name in a part header: the longest that file systems allow */
#define ASSAY_LIMIT_HEADERS 32                       /* extra headers of a connection; services want one or two */
#define ASSAY_LIMIT_HEADER_NAME_BYTES 128            /* name of a header; the longest in use have 40 */
#define ASSAY_LIMIT_HEADER_BYTES 4096                /* value of one: common servers take 8 KiB for all of them */
#define ASSAY_LIMIT_JOBS 64                          /* requests in flight at most; services throttle long before */
#define ASSAY_DEFAULT_JOBS 8                         /* requests in flight unless told otherwise */
#define ASSAY_LIMIT_BATCH 64                         /* images in one request at most; Triton's and MLServer's usual batches are smaller */
#define ASSAY_DEFAULT_BATCH 8                        /* the same unless told otherwise; more gain little (tests/bench/RESULTS.md) */
#define ASSAY_LIMIT_BATCH_BYTES (16 * 1024 * 1024)   /* of them together; Triton takes 64 MiB, in base64 a third more than here */
#define ASSAY_DEFAULT_TIMEOUT 60                     /* seconds without an answer before a request counts as lost */
#define ASSAY_LIMIT_CONNECT 20                       /* seconds without a step until a connection that is being made counts as lost, unless less is asked for: three SYNs with back-off take 7, two addresses twice that */
#define ASSAY_LIMIT_ANSWER_TIMEOUTS 5                /* times the time-out that an answer may take which keeps on coming */
#define ASSAY_LIMIT_REQUEST 14400                    /* seconds for a request in all: 10 GB at 6 Mbit/s take 13,333 */
#define ASSAY_LIMIT_TRIES 101                        /* times that one item is sent at most: more is an attack on the service */
#define ASSAY_DEFAULT_TRIES 5                        /* unless told otherwise: once, and four times again */
#define ASSAY_DEFAULT_PATIENCE 300                   /* seconds without an answer until the command line gives up: a service that restarts takes one or two minutes */
#define ASSAY_LIMIT_RETRY_AFTER_SECONDS 3600         /* waited because a service asked for it; who asks for more has an hour's rest and one more request */

#define ASSAY_LIMIT_BUILTIN_ENDS 3                   /* times that the built-in service may end by itself before it isn't started again: once is chance, thrice is a fault that stays */
#define ASSAY_LIMIT_BUILTIN_ENDS_SECONDS 60          /* within which these count */

/* What comes back */
#define ASSAY_LIMIT_ANSWER_BYTES (8u * 1024 * 1024)  /* one answer: 1,000 labels take 60 KB, 8 MiB is absurd already */
#define ASSAY_LIMIT_RAW_BYTES (1024u * 1024)         /* of it kept for Show Response */
#define ASSAY_LIMIT_JSON_DEPTH 64                    /* json-glib recurses and crashes on very deep nesting */
#define ASSAY_LIMIT_JSON_MEMBERS (1u << 18)          /* values in one document: bounds time and memory of the parser */
#define ASSAY_LIMIT_JSON_OBJECT 1024                 /* members of one object: names can be made to share one hash, and 25,000 of them kept json-glib busy for 15 s */
#define ASSAY_LIMIT_LABELS 25000                     /* labels in one prediction; ImageNet-21k has 21,843 */
#define ASSAY_LIMIT_LABEL_BYTES 1024                 /* one label; the longest of ImageNet has 121 */
#define ASSAY_LIMIT_MODELS 10000                     /* versions in one listing */
#define ASSAY_LIMIT_TENSORS 16                       /* tensors in one message of the Open Inference Protocol: image classifiers have one to three */
#define ASSAY_LIMIT_TENSOR_DIMS 8                    /* sizes in a tensor's shape; pictures in a batch have four */
#define ASSAY_LIMIT_TENSOR_VALUES (1u << 27)         /* values of one tensor: no body that is read holds more, and their bytes can be counted in 32 bits */
#define ASSAY_LIMIT_ERROR_CHARS 400                  /* of a service's own error text shown to a person */
#define ASSAY_LIMIT_TOKEN_BYTES (64u * 1024)         /* an answer of a token endpoint; real tokens have up to 8 KB */

/* What people bring of the truth */
#define ASSAY_LIMIT_TRUTH_BYTES (64u * 1024 * 1024)  /* of a table of files and labels: a million lines of 60 */
#define ASSAY_LIMIT_TRUTH_ROWS (1000u * 1000)        /* of them */
#define ASSAY_LIMIT_TRUTH_COLUMNS 1024               /* read of a line; where a spreadsheet has more, the file and its label are not among them */

/* What is kept */
#define ASSAY_HISTORY_BATCH 50                       /* milliseconds that an answer waits for others, so that they share one commit */
#define ASSAY_HISTORY_RETRY 5                        /* seconds until what could not be saved is tried again by itself */
#define ASSAY_LIMIT_HISTORY_BUSY 10000               /* milliseconds to wait for another process that writes: pruning 100,000 answers takes one second */
#define ASSAY_LIMIT_HISTORY_JOBS 4096                /* entries in one commit: bounds what one error makes to be done again */
#define ASSAY_LIMIT_HISTORY_PAGE 1000                /* items loaded at once: 1 MB with five labels each */
#define ASSAY_LIMIT_HISTORY_HASHES 10000             /* hashes looked up at once */
#define ASSAY_TRIMMED_LABELS 16                      /* labels of a kept answer that stay in memory: a list shows two, the chart eight or so, and the label of the truth or the other version is nearly always among them */
#define ASSAY_LIMIT_KEPT_RAW (8u * 1024 * 1024)      /* of answers that the history has, as they came, that stays in memory for Show Response: the newest 135 of 1,000 labels, or 17,000 of five; a twelfth of a KiB an item where there are 100,000 */
#define ASSAY_LIMIT_TRIMMED_LOADS 16                 /* trimmed answers loaded whole at once: so few wait before what a person opens */
#define ASSAY_LIMIT_UNSAVED (100u * 1000)            /* entries that wait for room on the disk, most of them answers in memory anyway; more are not saved */
#define ASSAY_LIMIT_LABEL_ORDERS 1024                /* orders of labels that answers share in memory; a service that sends its best labels first may have another each time */
#define ASSAY_LIMIT_LABEL_SETS 64                    /* label sets remembered while writing; a run has one, unless its service sends only the best few */

/* What a report holds */
#define ASSAY_LIMIT_REPORT_ROWS 1000                 /* flips with both bars and a thumbnail: 8 MB, and more than anybody looks at */
#define ASSAY_LIMIT_REPORT_MISTAKES 24               /* the worst; the confusion matrix counts all */
#define ASSAY_LIMIT_REPORT_LABELS 1000               /* lines of the table by label: ImageNet-1k whole */
#define ASSAY_LIMIT_REPORT_MATRIX 20                 /* labels of a confusion matrix; more can't be read on paper */
#define ASSAY_LIMIT_REPORT_IMAGES (100u * 1000)      /* names and hashes: 15 MB */

/* What a bundle of evidence holds */
#define ASSAY_LIMIT_BUNDLE_BYTES (1024u * 1024 * 1024) /* of the whole file: the answers of 100,000 pictures take 60 MB */
#define ASSAY_LIMIT_BUNDLE_TEXT (256u * 1024 * 1024) /* of one of its texts, unpacked and held: 5,000 answers of 1,000 labels, or 500,000 of five */
#define ASSAY_LIMIT_BUNDLE_IMAGES (500u * 1000)      /* five times the largest set of pictures that the program is made for */
#define ASSAY_LIMIT_BUNDLE_THUMBNAILS 20000          /* 60 MB of them; its list of members stays within one JSON document */
#define ASSAY_LIMIT_BUNDLE_THUMBNAIL (64u * 1024)    /* of one: 96 pixels take 3 KB */
#define ASSAY_LIMIT_BUNDLE_LABELS 1000               /* labels and confusions that its figures list; the largest sets in use have as many */
#define ASSAY_LIMIT_BUNDLE_FINDINGS 100              /* told of one that isn't whole; more are only counted */

/* What is shown */
#define ASSAY_LIMIT_DISPLAY_CHARS 1024               /* of any text from outside, in one place on the screen */
#define ASSAY_LIMIT_UNDO 100                         /* steps that a window can undo, last first; nobody remembers more */
#define ASSAY_LIMIT_THUMBNAILS 512                   /* thumbnails kept decoded (96 px: 36 KB each) */
#define ASSAY_THUMBNAIL_SIZE 96                      /* pixels: 48 on screen, sharp at scale 2 */
#define ASSAY_PREVIEW_SIZE 2048                      /* pixels of the longer side of the decoded preview */

/* What the local service takes */
#define ASSAY_LIMIT_REQUEST_BYTES (ASSAY_LIMIT_FILE_BYTES + 1024u * 1024) /* one request's body: the largest picture and room for its part headers */
#define ASSAY_LIMIT_REQUEST_FILES 64                 /* pictures in one request: more would keep one worker busy for seconds */
#define ASSAY_LIMIT_REQUEST_SCORES (100u * 1000)     /* pictures × labels of one answer in tensors: as JSON, each with its label, they are what one document may hold, values and bytes */
#define ASSAY_LIMIT_REQUEST_MEMBERS 1000             /* pictures of one archive: they are unpacked one by one, and 1,000 take ten seconds of one worker */
#define ASSAY_LIMIT_REQUESTS_BYTES (256u * 1024 * 1024) /* all bodies held at once: four of the largest, or thousands of photos */
#define ASSAY_LIMIT_SMALL_REQUEST_BYTES (64u * 1024) /* a body that carries no picture, or one that is refused unread */
#define ASSAY_LIMIT_PART_HEADER_BYTES (8u * 1024)    /* one part's header: a file name of 255 bytes, escaped, and its type fit ten times */
#define ASSAY_LIMIT_BOUNDARY_BYTES 70                /* a multipart boundary, as RFC 2046 bounds it */
#define ASSAY_LIMIT_REQUEST_SECONDS 60               /* to send a request's head, then its body, then to take the answer: the largest needs 1.1 MB/s */
#define ASSAY_LIMIT_REQUEST_IDLE_SHARE 3             /* a third of that, 20 s, without a byte counts as gone: wireless networks come back within ten */
#define ASSAY_LIMIT_TIMEOUT 3600                     /* seconds that --timeout takes; longer than anybody waits */
#define ASSAY_LIMIT_HOSTS 64                         /* other names of the service; each request is compared with all */
#define ASSAY_LIMIT_HOST_BYTES 255                   /* of one name and its port; DNS has at most 253 */
#define ASSAY_LIMIT_ALONE_PIXELS (32u * 1000 * 1000) /* a larger picture (128 MB as RGBA) is decoded while no other of that size is, however many workers there are */
#define ASSAY_LIMIT_CONNECTIONS 256                  /* sockets of clients, well below the usual 1,024 files of a process */
#define ASSAY_LIMIT_TOKENS 256                       /* tokens valid at once: a client needs one in 12 hours */
#define ASSAY_LIMIT_SECRET_BYTES 4096                /* a client's id or secret */
#define ASSAY_LIMIT_MODEL_BYTES (512u * 1024 * 1024) /* one ONNX file: the largest image classifiers take 400 MB */
#define ASSAY_LIMIT_MODEL_TEXT_BYTES (1024u * 1024)  /* model.json, and a label file of 25,000 lines */
#define ASSAY_LIMIT_MODEL_CHECK_SECONDS 120          /* to load a person's network and run it once: the largest take ten on a slow machine */
#define ASSAY_LIMIT_MODEL_CHECK_BYTES (8u * 1024 * 1024) /* of what is said of it: label file and model.json, with every character escaped */
#define ASSAY_LIMIT_MODEL_SIDE 4096                  /* pixels of a model's input; 16 million floats a channel are absurd already */
#define ASSAY_LIMIT_MODEL_NAME_BYTES 128             /* name of a model or a version */
#define ASSAY_LIMIT_WORKERS 64                       /* worker threads */
