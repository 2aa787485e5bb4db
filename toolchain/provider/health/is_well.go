// Package provider holds what is copied into the Terraform provider's package of that name when it is built.
package provider

import (
	"context"
	"log"
	"time"

	"github.com/docker/docker/api/types/container"
	"github.com/docker/docker/client"
)

// isWell tells whether a container is healthy. An engine before 25 looks for the first time after one whole
// interval and calls it "starting" until then; so its own health check is asked, as the engine would ask it.
func isWell(ctx context.Context, docker *client.Client, found container.InspectResponse) bool {
	if found.State.Health.Status != container.Starting {
		return found.State.Health.Status == container.Healthy
	}
	check := found.Config.Healthcheck
	if !found.State.Running || len(check.Test) < 2 || check.Test[0] != "CMD" {
		return false
	}
	code, err := ask(ctx, docker, found.ID, check.Test[1:], check.Timeout)
	if err != nil {
		log.Printf("[DEBUG] the health check of %s could not be asked: %s", found.ID, err)
	}
	return err == nil && code == 0
}

func ask(ctx context.Context, docker *client.Client, id string, command []string, patience time.Duration) (int, error) {
	ctx, cancel := context.WithTimeout(ctx, max(patience, time.Second))
	defer cancel()
	made, err := docker.ContainerExecCreate(ctx, id, container.ExecOptions{Cmd: command})
	if err != nil {
		return 0, err
	}
	if err := docker.ContainerExecStart(ctx, made.ID, container.ExecStartOptions{Detach: true}); err != nil {
		return 0, err
	}
	for {
		state, err := docker.ContainerExecInspect(ctx, made.ID)
		if err != nil || !state.Running {
			return state.ExitCode, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}
