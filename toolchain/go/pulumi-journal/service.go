package main

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"net"
	"net/http"
	"sync"
	"time"

	"github.com/pulumi/pulumi/pkg/v3/backend"
	"github.com/pulumi/pulumi/pkg/v3/display"
	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
)

// service speaks, to one engine on this machine, the part of the Pulumi service's protocol that an update needs.
type service struct {
	record  *record
	address string
	token   string

	mutex sync.Mutex
	// info is what the engine has told of the update that it is about to start.
	info backend.UpdateInfo
	// current is the update under way; nothing before and after.
	current *update
}

// serve starts a service on a free port of loopback. Nobody gets in without the random token.
func serve(record *record) (*service, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	served := &service{record: record, address: "http://" + listener.Addr().String(), token: rand.Text()}
	server := &http.Server{Handler: served.authorized(served.routes()), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(listener) }()
	return served, nil
}

func (s *service) routes() http.Handler {
	routes := http.NewServeMux()
	const stack = "/api/stacks/{organization}/{project}/{stack}"
	const update = stack + "/{kind}/{update}"
	routes.HandleFunc("GET /api/user", answerWith(map[string]string{"githubLogin": organization, "name": organization}))
	routes.HandleFunc("GET /api/user/organizations/default", answerWith(map[string]string{"gitHubLogin": organization}))
	routes.HandleFunc("GET /api/capabilities", answerWith(apitype.CapabilitiesResponse{}))
	routes.HandleFunc("HEAD /api/stacks/{organization}/{project}", answerWith(nil))
	routes.HandleFunc("GET "+stack, s.stack)
	routes.HandleFunc("GET "+stack+"/export", s.export)
	routes.HandleFunc("POST "+stack+"/{kind}", s.create)
	routes.HandleFunc("POST "+update, s.start)
	routes.HandleFunc("PATCH "+update+"/journalentries", s.entries)
	routes.HandleFunc("POST "+update+"/events/batch", s.events)
	routes.HandleFunc("POST "+update+"/renew_lease", answerWith(apitype.RenewUpdateLeaseResponse{Token: s.token}))
	routes.HandleFunc("POST "+update+"/complete", s.complete)
	return routes
}

// authorized lets nobody in but the engine that was given the token.
func (s *service) authorized(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		given := []byte(r.Header.Get("Authorization"))
		for _, scheme := range []string{"token ", "update-token "} {
			if subtle.ConstantTimeCompare(given, []byte(scheme+s.token)) == 1 {
				next.ServeHTTP(w, r)
				return
			}
		}
		refuse(w, http.StatusUnauthorized, "not the token of this run")
	})
}

func (s *service) stack(w http.ResponseWriter, r *http.Request) {
	if found, ok := s.find(w, r); ok {
		answer(w, apitype.Stack{
			OrgName: organization, ProjectName: r.PathValue("project"), StackName: tokens.QName(r.PathValue("stack")),
			Tags: found.Tags(),
		})
	}
}

func (s *service) find(w http.ResponseWriter, r *http.Request) (backend.Stack, bool) {
	found, err := s.record.stack(r.Context(), r.PathValue("project"), r.PathValue("stack"))
	switch {
	case err != nil:
		refuse(w, http.StatusInternalServerError, err.Error())
	case found == nil:
		refuse(w, http.StatusNotFound, "no stack "+r.PathValue("stack"))
	}
	return found, err == nil && found != nil
}

func (s *service) export(w http.ResponseWriter, r *http.Request) {
	found, ok := s.find(w, r)
	if !ok {
		return
	}
	deployment, err := s.record.ExportDeployment(r.Context(), found)
	if err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	answer(w, deployment)
}

// create takes in what the history is to tell; the update gets no id of its own, there is but one.
func (s *service) create(w http.ResponseWriter, r *http.Request) {
	var asked apitype.UpdateProgramRequest
	if !read(w, r, &asked) {
		return
	}
	configuration, err := configured(asked.Config)
	if err != nil {
		refuse(w, http.StatusBadRequest, err.Error())
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	s.info = backend.UpdateInfo{
		Kind:        apitype.UpdateKind(r.PathValue("kind")),
		Message:     asked.Metadata.Message,
		Environment: asked.Metadata.Environment,
		Config:      configuration,
	}
	answer(w, apitype.UpdateProgramResponse{UpdateID: "this"})
}

func (s *service) start(w http.ResponseWriter, r *http.Request) {
	var asked apitype.StartUpdateRequest
	if !read(w, r, &asked) {
		return
	}
	found, ok := s.find(w, r)
	if !ok {
		return
	}
	if r.PathValue("kind") == "preview" {
		answer(w, apitype.StartUpdateResponse{Token: s.token})
		return
	}
	if asked.JournalVersion != 1 {
		refuse(w, http.StatusBadRequest, "this engine can't keep a journal of version 1")
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	begun, err := s.record.begin(r.Context(), found, s.info)
	if err != nil {
		refuse(w, http.StatusConflict, err.Error())
		return
	}
	s.current = begun
	answer(w, apitype.StartUpdateResponse{Token: s.token, JournalVersion: 1})
}

func (s *service) entries(w http.ResponseWriter, r *http.Request) {
	var sent apitype.JournalEntries
	if !read(w, r, &sent) {
		return
	}
	s.during(w, func(under *update) error { return under.journal.append(sent.Entries) })
}

// events looks for the summary, which the history keeps. All others are on the engine's own output.
func (s *service) events(w http.ResponseWriter, r *http.Request) {
	var sent struct {
		Events []struct {
			Summary *apitype.SummaryEvent `json:"summaryEvent"`
		} `json:"events"`
	}
	if !read(w, r, &sent) {
		return
	}
	for _, event := range sent.Events {
		if event.Summary == nil {
			continue
		}
		changes := display.ResourceChanges{}
		for op, count := range event.Summary.ResourceChanges {
			changes[display.StepOp(op)] = count
		}
		s.mutex.Lock()
		if s.current != nil {
			s.current.info.ResourceChanges = changes
		}
		s.mutex.Unlock()
	}
	answer(w, nil)
}

func (s *service) complete(w http.ResponseWriter, r *http.Request) {
	var asked apitype.CompleteUpdateRequest
	if !read(w, r, &asked) {
		return
	}
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.current != nil && asked.Status == apitype.UpdateStatusSucceeded {
		s.current.info.Result = backend.SucceededResult
	}
	answer(w, nil)
}

func (s *service) during(w http.ResponseWriter, work func(*update) error) {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.current == nil {
		refuse(w, http.StatusConflict, "no update is under way")
		return
	}
	if err := work(s.current); err != nil {
		refuse(w, http.StatusInternalServerError, err.Error())
		return
	}
	answer(w, nil)
}

// finish ends the update, if there was one. Called when the engine is gone.
func (s *service) finish(ctx context.Context) error {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	if s.current == nil {
		return nil
	}
	done := s.current
	s.current = nil
	return s.record.end(ctx, done)
}
